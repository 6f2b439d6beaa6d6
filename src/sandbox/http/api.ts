import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { createCallLog } from '../call-log.ts'
import type { Complaints } from '../complaints.ts'
import { refuse } from '../content.ts'
import type { Faults } from '../faults.ts'
import type { Fault } from '../protocol.ts'
import type { ResponseUrls } from '../response-urls.ts'
import { argumentsOf, parseBody } from '../web-api/arguments.ts'
import { handleCall } from '../web-api/dispatch.ts'
import type { Counter } from '../web-api/dispatch.ts'
import type { Answer } from '../web-api/method.ts'
import { readBody, sendJson, sendText } from './body.ts'

/** More than any view or message that Slack takes. */
const longestBody = 2_000_000

export type Api = Counter & {
  faults: Faults
  calls: ReturnType<typeof createCallLog>
  complaints: Complaints
  responseUrls: ResponseUrls
}

/**
 * Refusals that say how the workspace is, and that a careful app asks for. Every other one is a mistake of the app, and
 * is shown as a complaint.
 */
const conditions = new Set(
  `channel_not_found not_in_channel is_archived is_inactive message_not_found thread_not_found user_not_found
   user_not_in_channel user_disabled no_such_subteam bot_not_found file_not_found not_found hash_conflict
   ratelimited`.split(/\s+/),
)

function complain({ complaints }: Api, what: string, answer: Answer) {
  if (answer.ok || conditions.has(answer.error)) return
  const words = answer['errors']
  complaints.add(answer.error, Array.isArray(words) ? `${what}: ${words.join('; ')}` : what)
}

/** The token in a call's Authorization header. */
export function bearer(req: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1]
}

/** Cuts or answers as the fault says; false where the call goes on. `drop_after_delivery` is for later. */
export function suffer(req: IncomingMessage, res: ServerResponse, fault: Fault | null): boolean {
  switch (fault?.kind) {
    case 'drop_before_delivery':
      req.socket.destroy()
      return true
    case 'rate_limited':
      sendJson(res, 429, refuse('ratelimited'), { 'retry-after': String(fault.retry_after_s) })
      return true
    case 'http_error':
      sendText(res, fault.status, 'upstream error')
      return true
    case 'slack_error':
      sendJson(res, 200, refuse(fault.error))
      return true
    case 'delay':
    case 'drop_after_delivery':
    case undefined:
    default:
      return false
  }
}

/** `POST api/{method}` (or GET with a query), as `@slack/web-api` and Bolt call it. */
export async function serveMethod(
  api: Api,
  req: IncomingMessage,
  res: ServerResponse,
  method: string,
  query: URLSearchParams,
) {
  const raw = await readBody(req, longestBody)
  if (!raw) return sendJson(res, 413, refuse('request_too_large'))
  const body = parseBody(req.headers['content-type'], raw.toString())
  if (!body.ok) return sendJson(res, 200, refuse(body.error))
  const args = argumentsOf({ ...Object.fromEntries(query), ...body.given })
  const at = api.desk.clock.now()
  const { delay_ms, fault } = api.faults.befall(method, args.text('channel'))
  if (delay_ms > 0) await delay(delay_ms)
  if (suffer(req, res, fault)) {
    api.calls.add({ method, args: args.logged(), at, answer: null })
    return
  }
  const { answer, headers, retry_after_s } = handleCall(api, method, args, bearer(req))
  api.calls.add({ method, args: args.logged(), at, answer })
  complain(api, method, answer)
  if (fault?.kind === 'drop_after_delivery') {
    req.socket.destroy()
    return
  }
  if (retry_after_s === undefined) sendJson(res, 200, answer, headers)
  else sendJson(res, 429, answer, { ...headers, 'retry-after': String(retry_after_s) })
}

/** `POST response/{secret}`: Slack answers `ok` in plain text, or 404 or 400 with an error. */
export async function serveResponse(api: Api, req: IncomingMessage, res: ServerResponse, secret: string) {
  const raw = await readBody(req, longestBody)
  if (!raw) return sendJson(res, 413, refuse('request_too_large'))
  const { delay_ms, fault } = api.faults.befall('response_url', undefined)
  if (delay_ms > 0) await delay(delay_ms)
  if (suffer(req, res, fault)) return
  let sent: unknown
  try {
    sent = JSON.parse(raw.toString())
  } catch {
    return sendJson(res, 400, refuse('invalid_payload'))
  }
  const answer = api.responseUrls.use(secret, sent)
  api.calls.add({ method: 'response_url', args: { sent }, at: api.desk.clock.now(), answer })
  complain(api, 'response_url', answer)
  if (fault?.kind === 'drop_after_delivery') {
    req.socket.destroy()
    return
  }
  if (answer.ok) return sendText(res, 200, 'ok')
  const gone = ['invalid_url', 'expired_url', 'used_url'].includes(answer.error)
  sendJson(res, gone ? 404 : 400, answer)
}
