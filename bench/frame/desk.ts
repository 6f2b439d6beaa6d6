import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layGround } from '../../src/ground.ts'
import { readConfig } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import { defaultSeed, listenSandbox, type ListeningSandbox } from '../../src/sandbox/index.ts'
import { neededScopes } from '../../src/slack/scopes.ts'
import { createAgent, type TestAgent } from '../../test/desk/agent.ts'
import { startProcess, type AppProcess } from '../../test/desk/process.ts'

const policy = `
admins: [U_ALICE]
flood: 100000
roles:
  finance: {channel: C_FINANCE, members: [U_ALICE, U_BOB]}
defaults:
  stages: [{role: finance, approvals: 1}]
  expires_in: 1h
history:
  spent: {sum: action.arguments.amount, tool: budget.spend, by: agent, within: 24h}
rules:
  - {name: reads, when: 'action.tool.startsWith("read.")', effect: allow}
  - {name: no-table-drops, when: 'action.tool == "sql.drop"', effect: deny, reason: Schema changes go through migrations}
  - {name: refunds, when: 'action.tool == "stripe.refund" && action.arguments.amount > 100'}
  - {name: budget, when: 'action.tool == "budget.spend" && history.spent + action.arguments.amount > 1000000000'}
  - {name: within-budget, when: 'action.tool == "budget.spend"', effect: allow}
`

/** The whole product as an operator runs it, on a database of its own, with the sandbox as Slack. */
export type BenchDesk = {
  /** The first replica. */
  app: AppProcess
  agent: TestAgent
  slack: ListeningSandbox
  /** What the replicas were started with. */
  env: Record<string, string>
  close(): Promise<void>
}

/** Starts each replica in a process of its own. Slack is in this one, so that the server's time is spent on its own work. */
export async function openBenchDesk(database_url: string, replicas = 1): Promise<BenchDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-desk-'))
  const policy_file = join(folder, 'policy.yaml')
  await writeFile(policy_file, policy)
  const bot_token = 'xoxb-of-the-benchmarks'
  const signing_secret = 'the signing secret of the benchmarks'
  let app: AppProcess | undefined
  const slack = await listenSandbox({
    port: 0,
    workspace: { ...defaultSeed, team: { ...defaultSeed.team, scopes: Object.keys(neededScopes) } },
    bot_token,
    signing_secret,
    app_url: () => (app ? `${app.url}/slack/events` : null),
  })
  const env = {
    PORT: '0',
    DATABASE_URL: database_url,
    DATA_DIR: folder,
    POLICY_FILE: policy_file,
    SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    SLACK_BOT_TOKEN: bot_token,
    SLACK_SIGNING_SECRET: signing_secret,
    SLACK_API_URL: slack.api_url,
    SLACK_PACING: '0',
    CALLBACK_ALLOWED_HOSTS: '127.0.0.1',
  }
  app = await startProcess(env)
  const others: AppProcess[] = []
  while (others.length < replicas - 1) others.push(await startProcess(env))
  const all = [app, ...others]
  // Where a run is broken off, nothing of it goes on.
  const end = () => all.forEach(({ child }) => child.kill('SIGKILL'))
  process.once('exit', end)
  const agent = createAgent(app.url, await addBenchAgent(env, 'hurried'))
  return {
    app,
    agent,
    slack,
    env,
    async close() {
      await Promise.all(all.map((each) => each.kill('SIGTERM')))
      process.off('exit', end)
      await slack.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Another agent of a desk with these variables. */
export async function addBenchAgent(env: Record<string, string>, name: string) {
  const read = readConfig(env)
  if ('faults' in read) throw new Error(read.faults.join())
  const ground = await layGround(read.config, createLog('silent'))
  try {
    const new_agent = { name, owner: 'U_DAVE', environment: 'production' }
    const added = await ground.admin.addAgent(new_agent, { type: 'operator' })
    if ('refused' in added) throw new Error(added.refused)
    return added
  } finally {
    await ground.close()
  }
}
