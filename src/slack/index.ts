import { App, ExpressReceiver, SocketModeReceiver } from '@slack/bolt'
import { Router, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Admin } from '../admin/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { Metrics } from '../metrics/index.ts'
import type { Clock } from '../platform/clock.ts'
import { createAnnouncements } from './announcements.ts'
import { createCards } from './cards.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createFloodCards } from './floods.ts'
import { createHomes } from './homes.ts'
import { createLines } from './lines.ts'
import { createPace } from './pace.ts'
import { createPosts } from './posts.ts'
import { createProposals } from './proposals.ts'
import { createClients, slackLogger } from './clients.ts'
import { createFigures } from './figures.ts'
import { createFiles } from './files.ts'
import { listen } from './listeners.ts'
import { onlyFromSlack } from './signature.ts'
import { createWorkspace } from './workspace/workspace.ts'

export type SlackSettings = {
  bot_token: string
  signing_secret: string
  /** Set: Socket Mode, and nothing is served over HTTP. */
  app_token: string | undefined
  /** Slack's own where undefined. */
  api_url: string | undefined
}

export const eventsPath = '/slack/events'

/** The Slack side of the app. `router` is to be mounted at the root, before anything reads bodies. */
export async function createSlack(parts: {
  settings: SlackSettings
  flow: Flow
  admin: Admin
  audit: Audit
  metrics: Metrics
  clock: Clock
  log: Logger
  /** Whether posts and updates keep to Slack's rates. */
  paced: boolean
  /** Where the audit log's checkpoints are shown (null: nowhere), and how often. */
  checkpoints: { channel: string | null; every_ms: number }
}) {
  const { settings, flow, admin, audit, metrics, clock, log, paced } = parts
  const { interactive, posting } = createClients(settings, log)
  const pace = createPace({ flow, clock, paced })
  const posts = createPosts({ posting, flow, pace })
  const workspace = createWorkspace({ client: interactive, clock, flow })
  const { signing_secret, app_token, bot_token, api_url } = settings
  const logger = slackLogger(log)
  const clientOptions = () => (api_url === undefined ? {} : { slackApiUrl: api_url })

  // We check signatures ourselves, more strictly; see `signature.ts`.
  const http =
    app_token === undefined
      ? new ExpressReceiver({
          signingSecret: signing_secret,
          signatureVerification: false,
          endpoints: eventsPath,
          logger,
        })
      : null
  const receiver =
    http ??
    new SocketModeReceiver({
      appToken: app_token!,
      logger,
      installerOptions: { clientOptions: clientOptions() },
    })
  const app = new App({
    receiver,
    logger,
    clientOptions: clientOptions(),
    deferInitialization: true,
    // Without asking Slack who we are: it may be away, and nothing here depends on it.
    authorize: async () => ({ botToken: bot_token }),
  })
  await app.init()
  const files = createFiles({ client: interactive, bot_token, api_url })
  listen(app, { flow, admin, audit, metrics, workspace, files, interactive, clock, log })

  const router = Router()
  if (http) {
    router.post(eventsPath, ...onlyFromSlack({ signing_secret, flow, clock, log }))
    router.use(http.router as unknown as RequestHandler)
  }
  return {
    router,
    cards: createCards({ posts, workspace, flow, clock, log }),
    lines: createLines({ posts, workspace, flow, audit, clock, log }),
    figures: createFigures({ posts, posting, flow, metrics, api_url, clock, log }),
    checkpoints: createCheckpoints({ posts, flow, audit, clock, log, ...parts.checkpoints }),
    homes: createHomes({ posting, pace, workspace, flow, admin, clock, log }),
    announcements: createAnnouncements({ posts, workspace, flow, audit, clock, log }),
    floods: createFloodCards({ posts, flow, clock, log }),
    voters: workspace.reach,
    proposals: createProposals({ posts, workspace, flow, admin, clock, log }),
    async start() {
      if (!http) await app.start()
    },
    async stop() {
      if (!http) await app.stop()
    },
  }
}
