import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express, { type Express, type Response } from 'express'
import type { Logger } from 'pino'
import { createLanes, createSender } from './callback/index.ts'
import { duties } from './duties.ts'
import { layGround, type Ground } from './ground.ts'
import { createIntake } from './intake/intake.ts'
import { createRunner } from './jobs/runner.ts'
import type { Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { randomSecret } from './platform/ids.ts'
import { createSandbox, defaultSeed, type Sandbox } from './sandbox/index.ts'
import { createSlack, eventsPath, type SlackSettings } from './slack/index.ts'
import { neededScopes } from './slack/scopes.ts'
import { listen } from './store/listen.ts'
import { StartRefused } from './platform/start-refused.ts'
import { version } from './platform/version.ts'

/** How long a stop waits for what is under way before it closes connections. */
const drainMs = 9_000

export type RunningApp = {
  ground: Ground
  /** Where it listens, without a slash at the end. */
  url: string
  sandbox: Sandbox | null
  /** Resolves once no job is due and none is running. */
  idle(): Promise<void>
  /** Refuses new work, finishes what is held, lets go of everything. */
  stop(): Promise<void>
}

/**
 * The whole server.
 *
 * @param given_clock for tests, which move time by hand
 * @throws StartRefused with a line for each fault that the operator can mend
 */
export async function startApp(config: Config, log: Logger, given_clock?: Clock): Promise<RunningApp> {
  const state = { ready: false, draining: false }
  const web = express().disable('x-powered-by')
  const server = createServer(web)
  let ground: Ground | null = null
  health(web, state, async () => (ground === null ? 0 : ground.flow.countRepairs()))
  const url = await listenOn(server, config)
  try {
    ground = await layGround(config, log, given_clock)
    const { database, clock, flow, audit, admin, work, decided, holder } = ground
    await admin.installFirstPolicy(config.policy_file, log)
    // Waits for requests that never end on their own: a browser's event stream, an agent's long wait.
    const sandbox = config.slack ? null : await openSandbox(url, ground)
    if (sandbox) serveSandbox(web, server, sandbox.sandbox)
    const settings = config.slack ?? sandbox!.settings
    const slack = await createSlack({ settings, flow, admin, audit, clock, log })
    web.use(slack.router)
    web.use(createIntake({ desk: flow.agents, clock, log, draining: () => state.draining }))
    web.use((_req, res) => void res.status(404).type('text/plain').send('There is nothing here'))

    const sender = callbackSender(config, clock)
    const jobs = duties({
      flow,
      clock,
      cards: slack.cards,
      lines: slack.lines,
      sender,
      lanes: createLanes({ clock }),
    })
    const runner = createRunner({ database, clock, log, work, holder, duties: jobs })
    const listener = await listen(database.url, holder, clock, log, decided.tell)
    await flow.startAuditor()
    runner.start()
    await slack.start()
    state.ready = true

    const laid = ground
    return {
      ground: laid,
      url,
      sandbox: sandbox?.sandbox ?? null,
      idle: runner.idle,
      async stop() {
        state.draining = true
        decided.close()
        const closed = closeServer(server)
        await slack.stop()
        await runner.stop()
        await sandbox?.sandbox.close()
        await closed
        await listener.close()
        await laid.close()
      },
    }
  } catch (error) {
    server.closeAllConnections()
    server.close()
    await ground?.close()
    throw error
  }
}

/** What is there from the first moment on: health, and "not yet" or "not any more" for all else. */
function health(
  web: Express,
  state: { ready: boolean; draining: boolean },
  countRepairs: () => Promise<number>,
) {
  const notNow = (res: Response) => res.status(503).set('Retry-After', '1')
  web.get('/healthz', (_req, res) => void res.json({ status: 'up' }))
  web.get('/readyz', async (_req, res) => {
    if (!state.ready || state.draining) notNow(res).json({ status: state.draining ? 'draining' : 'starting' })
    else {
      const repaired = await countRepairs().catch(() => null)
      if (repaired === null) notNow(res).json({ status: 'the database cannot be reached' })
      else res.json({ status: 'ready', auditor: { repaired } })
    }
  })
  web.use((_req, res, next) => (state.ready ? next() : notNow(res).json({ status: 'starting' })))
}

function callbackSender(config: Config, clock: Clock) {
  const { callback_allowed_hosts: allowed_hosts, slack } = config
  try {
    return createSender({ allowed_hosts, allow_loopback: slack === null, clock, version })
  } catch (error) {
    throw new StartRefused(`CALLBACK_ALLOWED_HOSTS ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function listenOn(server: Server, { host, port }: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

/** The sandbox is told where the app is, and the app where the sandbox is: they talk over HTTP like strangers. */
async function openSandbox(
  url: string,
  { data_dir, clock }: Ground,
): Promise<{ sandbox: Sandbox; settings: SlackSettings }> {
  const bot_token = `xoxb-${randomSecret(24)}`
  const signing_secret = randomSecret(32)
  const sandbox = createSandbox({
    clock,
    workspace: { ...defaultSeed, team: { ...defaultSeed.team, scopes: Object.keys(neededScopes) } },
    bot_token,
    signing_secret,
    app_url: () => url + eventsPath,
    file: join(data_dir, 'sandbox.json'),
    rates: 'slack',
  })
  return {
    sandbox,
    settings: { bot_token, signing_secret, app_token: undefined, api_url: `${url}/sandbox/api/` },
  }
}

function serveSandbox(web: Express, server: Server, sandbox: Sandbox) {
  web.use((req, res, next) => (/^\/sandbox(\/|$|\?)/.test(req.url) ? sandbox.handle(req, res) : next()))
  web.get('/', (_req, res) => res.redirect('/sandbox'))
  server.on('upgrade', sandbox.upgrade)
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(late)
      resolve()
    })
    server.closeIdleConnections()
  })
}
