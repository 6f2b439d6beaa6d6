import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { openCheckpointFile } from './audit/index.ts'
import { createLanes, createSender } from './callback/index.ts'
import { demoServer } from './demo-agent.ts'
import { duties } from './duties.ts'
import { layGround, type Ground } from './ground.ts'
import { createIntake } from './intake/intake.ts'
import { createRunner } from './jobs/runner.ts'
import type { Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { randomSecret } from './platform/ids.ts'
import { scraping } from './scrape.ts'
import { createSandbox, defaultSeed, type Sandbox } from './sandbox/index.ts'
import { createSlack, eventsPath, type SlackSettings } from './slack/index.ts'
import { neededScopes } from './slack/scopes.ts'
import { listen } from './store/listen.ts'
import { StartRefused } from './platform/start-refused.ts'
import { version } from './platform/version.ts'
import { drainMs, stopApp, type Running } from './stop.ts'
import { health, lastResort, listenOn, nothingHere } from './web.ts'

export type RunningApp = {
  ground: Ground
  /** Where it listens, without a slash at the end. */
  url: string
  sandbox: Sandbox | null
  /** Resolves once no job is due and none is running. */
  idle(): Promise<void>
  /**
   * Refuses new work, waits for what is under way, lets go of everything; in less than 10 s, whatever hangs.
   *
   * @param drain_ms how long it waits for what is under way, at most
   */
  stop(drain_ms?: number): Promise<void>
}

/**
 * The whole server.
 *
 * @param given_clock for tests, which move time by hand
 * @param unwanted a start that is not wanted any more ends with its next step, and rejects
 * @throws StartRefused with a line for each fault that the operator can mend
 */
export async function startApp(
  config: Config,
  log: Logger,
  given_clock?: Clock,
  unwanted?: AbortSignal,
): Promise<RunningApp> {
  const state = { ready: false, draining: false }
  const web = express().disable('x-powered-by')
  const running: Running = { server: createServer(web) }
  const { server } = running
  health(web, state, async () => running.ground?.flow.countRepairs() ?? 0)
  const url = await listenOn(server, config)
  try {
    const ground = (running.ground = await layGround(config, log, given_clock, unwanted))
    unwanted?.throwIfAborted()
    const { database, clock, flow, audit, admin, metrics, work, decided, holder } = ground
    await admin.installFirstPolicy(config.policy_file, log)
    const sandbox = config.slack ? null : await openSandbox(url, ground)
    if (sandbox) {
      serveSandbox(web, server, (running.sandbox = sandbox.sandbox))
      web.use(demoServer(ground))
    }
    const settings = config.slack ?? sandbox!.settings
    const slack = (running.slack = await createSlack({
      settings,
      flow,
      admin,
      audit,
      metrics,
      clock,
      log,
      paced: config.slack_pacing,
      checkpoints: config.checkpoints,
    }))
    web.use(slack.router)
    web.use(
      createIntake({
        desk: flow.agents,
        voters: slack.voters,
        metrics,
        clock,
        log,
        draining: () => state.draining,
      }),
    )
    web.use(scraping(config, metrics.exposition))
    web.use(nothingHere)
    web.use(lastResort(log))

    const sender = callbackSender(config, clock)
    const { file } = config.checkpoints
    const witness = file === null ? async () => undefined : await openCheckpointFile(file)
    const sealing = (running.sealing = audit.sealing({ work, log, witness }))
    const jobs = duties({
      flow,
      clock,
      cards: slack.cards,
      lines: slack.lines,
      homes: slack.homes,
      announcements: slack.announcements,
      floods: slack.floods,
      proposals: slack.proposals,
      sealing,
      checkpoints: slack.checkpoints,
      folding: metrics.folding,
      figures: slack.figures,
      sender,
      lanes: createLanes({ clock }),
    })
    running.listener = await listen(database.url, holder, clock, log, decided.tell)
    const runner = (running.runner = createRunner({ database, clock, log, work, holder, duties: jobs }))
    await flow.startAuditor()
    await sealing.start()
    if (config.checkpoints.channel !== null) await flow.startCheckpoints()
    running.folding = metrics.folding
    await metrics.folding.start({ work, log })
    runner.start()
    await slack.start()
    state.ready = true

    let stopped: Promise<void> | undefined
    return {
      ground,
      url,
      sandbox: sandbox?.sandbox ?? null,
      idle: runner.idle,
      stop(drain_ms = drainMs) {
        state.draining = true
        return (stopped ??= stopApp(running, drain_ms))
      },
    }
  } catch (error) {
    await stopApp(running, drainMs)
    throw error
  }
}

function callbackSender(config: Config, clock: Clock) {
  const { callback_allowed_hosts: allowed_hosts, slack } = config
  try {
    return createSender({ allowed_hosts, allow_loopback: slack === null, clock, version })
  } catch (error) {
    throw new StartRefused(`CALLBACK_ALLOWED_HOSTS ${error instanceof Error ? error.message : String(error)}`)
  }
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
