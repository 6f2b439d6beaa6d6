import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { AgentKey } from '../crowd/agents.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Random } from '../random.ts'
import type { Size } from '../size.ts'
import { pause } from '../time.ts'
import { startBalancer } from './balancer.ts'
import { startDatabase, type DatabaseProcess } from './database.ts'
import { policyText } from './policy.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { keepReplica, type Replica } from './replica.ts'
import { hearReplica } from './replica-news.ts'
import type { PostedCard } from './slack-messages.ts'
import { startSlack, type SlackProcess } from './slack.ts'
import { owners } from './workspace.ts'

/** Everything that a run stands on: real processes, real connections, this machine's loopback only. */
export type World = {
  database: DatabaseProcess
  /** Each replica's own way to the database, in the order of `replicas`. */
  ways: Proxy[]
  slack: SlackProcess
  receiver: Receiver
  replicas: Replica[]
  agents: AgentKey[]
  /** Addresses of the replicas that are up. */
  urls(): string[]
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const bot_token = 'xoxb-of-the-chaos'
const signing_secret = 'the signing secret of the chaos'
const endpoints = 8

/**
 * Starts it all. What was started is stopped again where something fails on the way, and by `close`, by process number
 * and in reverse order.
 */
export async function buildWorld(
  size: Size,
  ledger: Ledger,
  random: Random,
  posted: (card: PostedCard) => void,
): Promise<World> {
  const undo: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const step of undo.splice(0).toReversed())
      await step().catch((error) => ledger.faults.push(`stop: ${error}`))
  }
  try {
    return { ...(await build()), close }
  } catch (error) {
    await close()
    throw error
  }

  async function build() {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-chaos-'))
    undo.push(() => rm(folder, { recursive: true, force: true }))
    const policy_file = join(folder, 'policy.yaml')
    await writeFile(policy_file, policyText(size.tempo))

    const database = await startDatabase(folder)
    undo.push(database.stop)
    const url = new URL(database.url)
    const ways = await Promise.all(Array.from({ length: size.replicas }, () => startProxy(Number(url.port))))
    undo.push(() => Promise.all(ways.map((way) => way.close())))

    const replicas: Replica[] = []
    const urls = () => replicas.flatMap((replica) => replica.url() ?? [])
    const balancer = await startBalancer(() =>
      random.some(urls(), size.replicas).map((up) => Number(new URL(up).port)),
    )
    undo.push(balancer.close)
    const app_url = `${balancer.url}/slack/events`
    const slack = await startSlack({ app_url, bot_token, signing_secret, rates: size.rates }, posted)
    undo.push(slack.stop)

    const env = {
      PORT: '0',
      DATA_DIR: folder,
      SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
      POLICY_FILE: policy_file,
      SLACK_BOT_TOKEN: bot_token,
      SLACK_SIGNING_SECRET: signing_secret,
      SLACK_API_URL: slack.api_url,
      // Where the sandbox takes any speed, the app makes it.
      SLACK_PACING: size.rates === 'slack' ? '1' : '0',
      CALLBACK_ALLOWED_HOSTS: '127.0.0.1',
      // As operators may set it: compiled code is kept, and a restart is a little quicker.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    }
    // The first start of all installs the policy, without which nobody can be an agent's owner.
    const adding = addAgents(size.agents, { ...env, DATABASE_URL: database.url })
    for (const [index, way] of ways.entries()) {
      const DATABASE_URL = Object.assign(new URL(database.url), { port: String(way.port) }).href
      const name = `replica ${index + 1}`
      replicas.push(keepReplica(name, { ...env, DATABASE_URL }, hearReplica(name, ledger)))
    }
    undo.push(() => Promise.all(replicas.map((replica) => replica.destroy())))
    const agents = await adding
    const receiver = await openReceiver(endpoints, agents, ledger, random.fork('receiver'), size.tempo < 1)
    undo.push(receiver.close)
    while (urls().length < size.replicas) await pause(20)
    return { database, ways, slack, receiver, replicas, agents, urls }
  }
}

/** Agents are added as an operator adds them: with the command line tool, while the servers run. */
async function addAgents(count: number, env: Record<string, string>): Promise<AgentKey[]> {
  const add = async (index: number): Promise<AgentKey> => {
    const owner = owners[index % owners.length] ?? ''
    const args = ['src/countersign.ts', 'agent', 'add', `agent-${index}`, '--owner', owner, '--json']
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
    })
    return JSON.parse(stdout) as AgentKey
  }
  return Promise.all(Array.from({ length: count }, (_, index) => add(index)))
}
