import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import type { AgentDesk } from '../flow/agent-desk.ts'
import type { FindVoters } from '../flow/prospects.ts'
import type { Metrics } from '../metrics/index.ts'
import type { Clock } from '../platform/clock.ts'
import { Unavailable } from '../platform/unavailable.ts'
import { createApprovals } from './approvals.ts'
import { authenticate } from './authenticate.ts'
import type { Call } from './call.ts'
import { openapi } from './openapi.ts'
import { createPermitCalls } from './permits.ts'
import { invalidRequest, problem, unavailable, type Answer } from './problems.ts'
import { createMetricsCalls } from './metrics.ts'
import { createRunCalls } from './runs.ts'

/**
 * The agents' HTTP, to be mounted at the root of the app: everything under `/v1`, and the permits' keys. Each answer is JSON
 * or a problem document. While `draining` says so, new work is refused with 503 and no read is kept waiting.
 */
export function createIntake(deps: {
  desk: AgentDesk
  /** Who could vote, which Slack knows. */
  voters: FindVoters
  metrics: Pick<Metrics, 'report'>
  clock: Clock
  log: Logger
  draining: () => boolean
}): Router {
  const { desk, log, draining } = deps
  const approvals = createApprovals(deps)
  const permits = createPermitCalls(deps)
  const runs = createRunCalls(deps)
  const metrics = createMetricsCalls(deps)

  /** Who asks comes before what is asked: nobody without a key learns anything but that a key is needed. */
  const serve =
    (operation: (call: Call) => Answer | Promise<Answer>): RequestHandler =>
    async (req, res) => {
      if ((req.method === 'POST' || req.method === 'PUT') && draining()) return send(res, restarting())
      const known = await authenticate(desk, req)
      if (!known.ok) return send(res, known.answer)
      const gone = new AbortController()
      res.once('close', () => gone.abort())
      send(
        res,
        await operation({ req, target: req.url, path: req.params, agent: known.agent, gone: gone.signal }),
      )
    }

  const failed: ErrorRequestHandler = (error: unknown, req, res, _next) => {
    send(res, answerTo(error, req, log))
  }

  const v1 = Router({ caseSensitive: true })
  v1.route('/openapi.json')
    .get((_req, res) =>
      send(res, { status: 200, headers: {}, media_type: 'application/json', body: openapi }),
    )
    .all(serve(onlyAllows('GET, HEAD')))
  v1.route('/approvals')
    .post(serve(approvals.open))
    .get(serve(approvals.list))
    .all(serve(onlyAllows('GET, HEAD, POST')))
  v1.route('/approvals/preview')
    .post(serve(approvals.preview))
    .all(serve(onlyAllows('POST')))
  v1.route('/approvals/:id')
    .get(serve(approvals.find))
    .all(serve(onlyAllows('GET, HEAD')))
  v1.route('/approvals/:id/cancel')
    .post(serve(approvals.cancel))
    .all(serve(onlyAllows('POST')))
  v1.route('/approvals/:id/outcome')
    .post(serve(approvals.report))
    .all(serve(onlyAllows('POST')))
  v1.route('/approvals/:id/answers')
    .post(serve(approvals.answer))
    .all(serve(onlyAllows('POST')))
  v1.route('/permits/consume')
    .post(serve(permits.consume))
    .all(serve(onlyAllows('POST')))
  v1.route('/runs/:run_id')
    .put(serve(runs.put))
    .all(serve(onlyAllows('PUT')))
  v1.route('/metrics')
    .get(serve(metrics.read))
    .all(serve(onlyAllows('GET, HEAD')))
  v1.use(serve(() => problem('not-found', 'The API has no such address')))
  const root = Router({ caseSensitive: true }).use('/v1', v1)
  root
    .route('/.well-known/jwks.json')
    .get(async (_req, res) => send(res, await permits.keys()))
    .all(serve(onlyAllows('GET, HEAD')))
  return root.use(failed)
}

/** Answers OPTIONS with what is possible, and any other method with 405. */
function onlyAllows(methods: string): (call: Call) => Answer {
  const headers = { Allow: `${methods}, OPTIONS` }
  return ({ req }) =>
    req.method === 'OPTIONS'
      ? { status: 204, headers, media_type: 'application/json', body: null }
      : problem('method-not-allowed', `Possible here: ${headers.Allow}`, { headers })
}

function brokenPath(path: string): Answer {
  const pointer = path.startsWith('/v1/runs/') ? '{run_id}' : '{id}'
  return invalidRequest([{ pointer, detail: 'The percent-encoding is broken, or not of UTF-8 text' }])
}

function restarting(): Answer {
  const answer = unavailable('This server is about to stop; send the same request again')
  return { ...answer, headers: { ...answer.headers, Connection: 'close' } }
}

const unreached = 'A part of this service cannot be reached, and nothing was done'
const unheard =
  'A part of this service was lost before it answered: this may have been done or not. ' +
  'With the same Idempotency-Key, or the same execution_id, it is not done twice'

/** The last resort: but for a broken path, nothing that a client sends may lead here. */
function answerTo(error: unknown, req: Request, log: Logger): Answer {
  // Express decodes the path before any route sees it.
  if (error instanceof URIError) return brokenPath(req.originalUrl)
  const event = { method: req.method, path: req.path, err: withoutData(error) }
  if (error instanceof Unavailable) {
    log.warn(event, 'a request of an agent was turned away')
    return unavailable(`${error.may_have_happened ? unheard : unreached}; send the same request again`)
  }
  log.error(event, 'a request of an agent ran into a defect of ours')
  return problem('internal', 'This is our defect, not yours, and it was logged')
}

/** Only words and place: a database's errors carry the row at fault in fields of their own, and bodies are never logged. */
function withoutData(error: unknown): { type: string; message: string; stack: string | undefined } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: undefined }
  return { type: error.name, message: error.message, stack: error.stack }
}

/** Writes an answer, unless nobody is there to read it any more. */
function send(res: Response, { status, headers, media_type, body }: Answer): void {
  if (res.headersSent || res.destroyed) return
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  res.setHeader('Cache-Control', 'no-store')
  if (status === 204) {
    res.end()
    return
  }
  res.setHeader('Content-Type', media_type)
  res.end(JSON.stringify(body))
}
