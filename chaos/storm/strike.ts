import type { Fault } from '../../src/sandbox/index.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Random } from '../random.ts'
import { now, pause } from '../time.ts'
import type { World } from '../world/world.ts'
import type { Replica } from '../world/replica.ts'
import type { SlackFault, Trouble } from './plan.ts'

/** Slack's faults, as the sandbox knows them; `times` are unbounded for as long as the trouble lasts. */
const slackFaults: Record<SlackFault, Fault> = {
  delay: { kind: 'delay', ms: 1_200 },
  'lost before': { kind: 'drop_before_delivery' },
  'lost after': { kind: 'drop_after_delivery' },
  'too fast': { kind: 'rate_limited', retry_after_s: 1 },
  error: { kind: 'http_error', status: 500 },
  outage: { kind: 'http_error', status: 503 },
}

/** Only posts and updates are hit, except by a delay and an outage, which are everybody's. */
const hit = ['chat.postMessage', 'chat.update'] as const

/** Breaks what the trouble says, and mends it when its time is over. The ledger keeps when that was. */
export async function strike(trouble: Trouble, world: World, ledger: Ledger, random: Random): Promise<void> {
  const from = now()
  const name =
    'fault' in trouble ? `slack: ${trouble.fault}` : 'all' in trouble ? wayName(trouble) : trouble.what
  const window = { what: name, from, to: Infinity }
  ledger.windows.push(window)
  try {
    await strikeOnce(trouble, world, ledger, random)
  } finally {
    window.to = now()
  }
}

function wayName({ what, all }: { what: string; all: boolean }): string {
  return `database: ${what} ${all ? 'of all' : 'of one'}`
}

async function strikeOnce(trouble: Trouble, world: World, ledger: Ledger, random: Random) {
  const { replicas, ways, database, slack, receiver } = world
  const { lasts_ms } = trouble
  switch (trouble.what) {
    case 'kill': {
      const killed = await killSome(replicas, trouble.replicas, random)
      ledger.count('kills', killed.length)
      ledger.count(`kills of ${trouble.replicas} at once`)
      return backUp(killed)
    }
    case 'terminate': {
      const replica = await somebodyUp(replicas, random)
      const stopped = await replica.terminate()
      if (stopped) ledger.stops.push(stopped)
      return backUp([replica])
    }
    case 'block':
      ledger.count('stuck processes')
      ;(await somebodyUp(replicas, random)).block(lasts_ms)
      return pause(lasts_ms)
    case 'cut':
    case 'stall':
    case 'refuse': {
      ledger.count(wayName(trouble))
      const hitWays = trouble.all ? ways : [random.pick(ways)]
      return Promise.all(hitWays.map((way) => breakWay(way, trouble.what, lasts_ms)))
    }
    case 'database crash':
      ledger.count('database crashes')
      database.crash()
      return pause(2_000)
    case 'slack': {
      ledger.count(`slack: ${trouble.fault}`)
      const fault = slackFaults[trouble.fault]
      const everywhere = trouble.fault === 'delay' || trouble.fault === 'outage'
      const faults = everywhere ? [fault] : hit.map((method) => ({ ...fault, method }))
      const ids = await Promise.all(faults.map((each) => slack.inject(each)))
      await pause(lasts_ms)
      return Promise.all(ids.map((id) => slack.clear(id)))
    }
    case 'endpoint down':
      ledger.count('endpoints down')
      return receiver.breakDown(random.between(0, receiver.endpoints - 1), lasts_ms)
  }
}

async function breakWay(way: World['ways'][number], how: 'cut' | 'stall' | 'refuse', lasts_ms: number) {
  if (how === 'cut') return way.cut()
  if (how === 'refuse') {
    await way.refuse()
    await pause(lasts_ms)
    return way.accept()
  }
  way.stall()
  await pause(lasts_ms)
  way.flow()
}

/** Kills exactly so many, waiting for one to be there where none is. Now and then one that is only starting. */
async function killSome(replicas: Replica[], count: number, random: Random): Promise<Replica[]> {
  const killed: Replica[] = []
  for (const replica of random.some(replicas, replicas.length)) {
    if (killed.length === count) break
    if ((replica.url() !== null || random.chance(0.3)) && replica.kill()) killed.push(replica)
  }
  while (killed.length < count) {
    const replica = await somebodyUp(replicas, random)
    if (replica.kill()) killed.push(replica)
  }
  return killed
}

async function somebodyUp(replicas: Replica[], random: Random): Promise<Replica> {
  for (;;) {
    const up = replicas.filter((replica) => replica.url() !== null)
    if (up.length > 0) return random.pick(up)
    await pause(20)
  }
}

/** What a kill breaks is broken until the next process is ready; where that takes long, the next trouble has its own. */
async function backUp(replicas: Replica[]): Promise<void> {
  const until = now() + 15_000
  await pause(50)
  while (now() < until && replicas.some((replica) => replica.url() === null)) await pause(20)
}
