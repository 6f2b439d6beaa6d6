import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { createActs } from './acts/act.ts'
import { upload } from './acts/upload.ts'
import type { Uploaded } from './acts/upload.ts'
import { createCallLog } from './call-log.ts'
import type { Call } from './call-log.ts'
import { createChanges } from './changes.ts'
import { wallClock } from './clock.ts'
import type { SandboxClock } from './clock.ts'
import { createComplaints } from './complaints.ts'
import { createDelivery } from './delivery.ts'
import { createEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { createFileStore } from './file-store.ts'
import { refusedRequest } from './http/guard.ts'
import { serve } from './http/routes.ts'
import { createStream } from './http/stream.ts'
import { sendText } from './http/body.ts'
import { createSaving, loadState } from './persistence.ts'
import type { Act, ActResult, Fault, Snapshot } from './protocol.ts'
import { createRates } from './rates.ts'
import type { RateMode } from './rates.ts'
import { createResponseUrls } from './response-urls.ts'
import type { WorkspaceSeed } from './seed.ts'
import { createSnapshots } from './snapshot.ts'
import { createSocketMode } from './socket-mode.ts'
import { createTriggers } from './triggers.ts'
import { createViewStore } from './view-store.ts'
import { createWaiting } from './waiting.ts'
import type { Desk } from './web-api/method.ts'
import { createWorkspace } from './workspace.ts'
import type { Workspace } from './workspace.ts'

export type SandboxOptions = {
  /** Time for triggers, response URLs, rates, event retries and message timestamps; the machine's where unset. */
  clock?: SandboxClock
  /** `/sandbox` where unset. `''` for the root. */
  base_path?: string
  workspace: WorkspaceSeed
  bot_token: string
  signing_secret: string
  /** Without it, there is no Socket Mode. */
  app_token?: string
  /** Where interactions, commands and events go while the app holds no open socket; null where nowhere. */
  app_url: () => string | null
  /** Where the workspace is kept between runs, as JSON; only in memory where unset. */
  file?: string
  /** `off` where unset: pacing is a subject of its own. What a person works with should say `slack`. */
  rates?: RateMode
  /** Host names besides this machine's own under which the sandbox may be reached, without port. */
  allowed_hosts?: readonly string[]
  /** This server's own `http://host:port`; where unset, as the last caller reached it. */
  origin?: () => string
}

export type Sandbox = {
  /** Serves every request below the base path; 404 for others. */
  handle: (req: IncomingMessage, res: ServerResponse) => void
  /** Takes Socket Mode's connections, and refuses other upgrades. */
  upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void
  snapshot: () => Snapshot
  act: (act: Act) => Promise<ActResult>
  /** Uploads a file as a person does with a form's file input; the input then holds `files: [{id}]`. */
  upload: (as: string, name: string, bytes: Buffer) => Uploaded
  until: ReturnType<typeof createWaiting>['until']
  inject: (fault: Fault) => string
  clearFaults: (id?: string) => void
  setRates: (mode: RateMode) => void
  /** Web API calls as they came, the newest last, with what they were answered. */
  calls: (method?: string) => Call[]
  /** Changes to the workspace itself: channels, members, user groups, persons, scopes. */
  edit: Workspace['edit']
  /** A stored message, in constant time. */
  message: Workspace['messages']['find']
  /** Makes every Socket Mode connection come again. */
  refreshSockets: () => void
  close: () => Promise<void>
}

/** A strict Slack workspace. Throws where the kept state cannot be read. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock = wallClock, base_path = '/sandbox', allowed_hosts = [] } = options
  const kept = loadState(options.file)
  const changes = createChanges()
  const { touch } = changes
  const workspace = createWorkspace(options.workspace, clock, touch, kept?.workspace ?? null)
  const views = createViewStore(clock, touch, kept?.views ?? null)
  const files = createFileStore(base_path, touch, kept?.files ?? [])
  const complaints = createComplaints(clock, touch)
  const { team } = workspace

  let reached = 'http://127.0.0.1'
  const url = () => (options.origin?.() ?? reached) + base_path

  const sockets = createSocketMode(team.app_id)
  const triggers = createTriggers(clock)
  const responseUrls = createResponseUrls(workspace, clock, url)
  const delivery = createDelivery(clock, sockets, options.signing_secret, options.app_url)
  const events = createEvents(team, clock, delivery, complaints)
  const stage = {
    workspace,
    views,
    triggers,
    responseUrls,
    delivery,
    events,
    complaints,
    clock,
    files,
    url,
  }
  const act = createActs(stage)
  const takeUpload = (as: string, name: string, bytes: Buffer) => upload(stage, as, name, bytes)

  const rates = createRates(clock, options.rates ?? 'off')
  const faults = createFaults()
  const calls = createCallLog()
  const socketUrl = () => `${url().replace(/^http/, 'ws')}/socket/${sockets.newTicket()}`
  const desk: Desk = { workspace, views, files, triggers, clock, url, socketUrl }
  const tokens = { bot: options.bot_token, app: options.app_token }

  const snapshots = createSnapshots(workspace, views, complaints, changes)
  const waiting = createWaiting(changes, snapshots.whole)
  const stream = createStream(changes)
  const api = { desk, tokens, rates, faults, calls, complaints, responseUrls }
  const served = {
    base_path,
    allowed_hosts,
    api,
    faults,
    stream,
    act,
    upload: takeUpload,
    recent: snapshots.recent,
  }

  const saving = createSaving(options.file, () => ({
    version: 1,
    workspace: workspace.record(),
    views: views.all(),
    files: files.record(),
  }))
  changes.onChange(saving.soon)

  function noteHost(req: IncomingMessage) {
    if (refusedRequest(req, allowed_hosts) === null) reached = `http://${req.headers.host}`
  }

  return {
    handle(req, res) {
      noteHost(req)
      serve(served, req, res).catch((error: unknown) => {
        complaints.add(
          'sandbox_failed',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        )
        if (res.headersSent) res.destroy()
        else sendText(res, 500, 'the sandbox failed: see its complaints')
      })
    },
    upgrade(req, socket, head) {
      const [path, ticket] = (req.url ?? '').split('/socket/')
      if (refusedRequest(req, allowed_hosts) !== null || path !== base_path || ticket === undefined) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
        return
      }
      sockets.accept(ticket, req, socket, head)
    },
    snapshot: snapshots.whole,
    act,
    upload: takeUpload,
    until: waiting.until,
    inject: faults.inject,
    clearFaults: faults.clear,
    setRates: rates.set,
    calls: calls.list,
    edit: workspace.edit,
    message: workspace.messages.find,
    refreshSockets: sockets.refresh,
    async close() {
      events.close()
      await sockets.close()
      stream.close()
      waiting.close()
      await saving.close()
    },
  }
}
