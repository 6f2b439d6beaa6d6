import { createAgents } from './crowd/agents.ts'
import { createApprovers } from './crowd/approvers.ts'
import { makeIntent } from './crowd/intents.ts'
import { createLedger, type Ledger } from './ledger/ledger.ts'
import { judge, type Verdict } from './ledger/judge.ts'
import { createRandom } from './random.ts'
import { settle } from './settle.ts'
import type { Size } from './size.ts'
import { planTrouble } from './storm/plan.ts'
import { strike } from './storm/strike.ts'
import { now, pause } from './time.ts'
import type { PostedCard } from './world/slack-messages.ts'
import { buildWorld, type World } from './world/world.ts'

/** Requests that wait for their acknowledgement at once: when the app is away, agents do not pile up without end. */
const mostUnanswered = 100

/** Four tries of a callback are 2 min 42 s at most (5 s, 30 s, 2 min, ± 20 % and 15 s each for what hangs). */
const mostSettlingMs = 6 * 60_000

export type Ran = {
  verdict: Verdict
  ledger: Ledger
  took_s: { storm: number; settling: number; all: number }
}

/**
 * One run: builds the world, lets agents ask and people click while things break, lets it settle, and judges. Whatever
 * happens, all that was started is stopped.
 */
export async function run(size: Size, say: (line: string) => void, stop: AbortSignal): Promise<Ran> {
  const began = now()
  const random = createRandom(String(size.seed))
  const ledger = createLedger()
  const cards: { take(card: PostedCard): void } = { take: () => undefined }
  const world = await buildWorld(size, ledger, random.fork('world'), (card) => cards.take(card))
  try {
    const parts = { ledger, stop, ...world }
    const agents = createAgents({
      ...parts,
      callbackUrl: world.receiver.urlFor,
      random: random.fork('agents'),
    })
    const approvers = createApprovers({ ...parts, make: world.slack.make, random: random.fork('approvers') })
    cards.take = (card) => void approvers.onCard(card)
    say(`built in ${seconds(began)} s`)

    const storm_began = now()
    const over_ms = size.minutes * 60_000
    const afterwards: Promise<unknown>[] = []
    const asking = askAll()
    const breaking = breakThings(size, world, ledger, random.fork('storm'), over_ms, stop)
    await Promise.all([asking, breaking])
    const storm = seconds(storm_began)
    say(`asked and broken for ${storm} s`)

    stop.throwIfAborted()
    const settling_began = now()
    await Promise.all([...afterwards, approvers.idle()])
    await settle(world.database.url, mostSettlingMs, ledger, say, stop)
    const settling = seconds(settling_began)
    stop.throwIfAborted()
    say(`settled in ${settling} s`)
    const verdict = await judge(world, ledger, size)
    const stopped = await Promise.all(world.replicas.map((replica) => replica.stop()))
    for (const each of stopped) if (each) ledger.stops.push(each)
    return { verdict, ledger, took_s: { storm, settling, all: seconds(began) } }

    async function askAll() {
      const unanswered = new Set<Promise<unknown>>()
      for (let index = 0; index < size.approvals && !stop.aborted; index += 1) {
        await pause(storm_began + (index / size.approvals) * over_ms - now(), stop)
        while (unanswered.size >= mostUnanswered) await Promise.race(unanswered)
        const entry = ledger.enter(makeIntent(random, index, size.agents, size.tempo))
        const answered = agents.begin(entry).then((begun) => afterwards.push(begun.afterwards))
        const done = answered.finally(() => unanswered.delete(done))
        unanswered.add(done)
        if (index % 1_000 === 0 && index > 0)
          say(`${index} asked, ${ledger.counts['kills'] ?? 0} kills, ${seconds(storm_began)} s`)
      }
      await Promise.all(unanswered)
    }
  } finally {
    await world.close()
  }
}

async function breakThings(
  size: Size,
  world: World,
  ledger: Ledger,
  random: ReturnType<typeof createRandom>,
  over_ms: number,
  stop: AbortSignal,
) {
  const began = now()
  const all = planTrouble(random.fork('plan'), size, over_ms)
  const under_way: Promise<void>[] = []
  for (const [number, trouble] of all.entries()) {
    await pause(began + trouble.at_ms - now(), stop)
    if (stop.aborted) break
    const struck = strike(trouble, world, ledger, random.fork(`trouble ${number}`))
    under_way.push(
      struck.catch((error: unknown) => void ledger.faults.push(`the suite itself: ${String(error)}`)),
    )
  }
  await Promise.all(under_way)
}

function seconds(since: number): number {
  return Math.round((now() - since) / 100) / 10
}
