import type { SandboxClock } from './clock.ts'
import { limits } from './limits.ts'
import { post } from './post.ts'
import { signedHeaders } from './signing.ts'
import type { Envelope, SocketMode } from './socket-mode.ts'

/**
 * How the app took what it was sent. `answer` is what it sent along with its 200: text, a structure, or null for nothing.
 * `no_retry` where it asked not to be sent an event again.
 */
export type Ack =
  | { ok: true; status: number; answer: unknown }
  | {
      ok: false
      reason: 'timeout' | 'unreachable' | 'http_error'
      status?: number
      detail: string
      no_retry: boolean
    }

export type Delivery = { send: (envelope: Envelope) => Promise<Ack> }

const form = 'application/x-www-form-urlencoded'

/** The body of each kind of request, and its exact media type: Bolt compares it as a whole. */
function encode(envelope: Envelope): { media: string; body: string } {
  const { type, payload } = envelope
  if (type === 'events_api') return { media: 'application/json', body: JSON.stringify(payload) }
  const fields = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) }
  return { media: form, body: new URLSearchParams(fields).toString() }
}

/** Only what is declared to be JSON is read as such; everything else is text to show. */
function parsed(body: string, media: unknown): unknown {
  if (body.trim() === '') return null
  if (typeof media !== 'string' || !media.startsWith('application/json')) return body
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

/** Over an open socket where the app holds one, else to its request URL, signed. */
export function createDelivery(
  clock: SandboxClock,
  sockets: SocketMode,
  signing_secret: string,
  app_url: () => string | null,
): Delivery {
  async function overSocket(envelope: Envelope): Promise<Ack> {
    const ack = await sockets.send(envelope, limits.interaction.ack_ms)
    if (!ack.acked) {
      const reason = ack.reason === 'timeout' ? 'timeout' : 'unreachable'
      return {
        ok: false,
        reason,
        detail: `the envelope was not acknowledged: ${ack.reason}`,
        no_retry: false,
      }
    }
    const { payload } = ack
    const isEmpty = typeof payload !== 'object' || payload === null || Object.keys(payload).length === 0
    return { ok: true, status: 200, answer: isEmpty ? null : payload }
  }

  async function overHttp(envelope: Envelope, url: string): Promise<Ack> {
    const { media, body } = encode(envelope)
    const retry: Record<string, string> =
      envelope.retry_attempt === undefined
        ? {}
        : {
            'x-slack-retry-num': String(envelope.retry_attempt),
            'x-slack-retry-reason': envelope.retry_reason ?? '',
          }
    const headers = {
      'content-type': media,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...signedHeaders(signing_secret, clock.now(), body),
      ...retry,
    }
    const posted = await post(url, headers, body, limits.interaction.ack_ms)
    if (!posted.ok) return { ...posted, no_retry: false }
    const { status } = posted
    if (status >= 200 && status < 300)
      return { ok: true, status, answer: parsed(posted.body, posted.headers['content-type']) }
    const no_retry = posted.headers['x-slack-no-retry'] === '1'
    return { ok: false, reason: 'http_error', status, detail: `the app answered ${status}`, no_retry }
  }

  return {
    async send(envelope) {
      if (sockets.isOpen()) return await overSocket(envelope)
      const url = app_url()
      if (url !== null) return await overHttp(envelope, url)
      return {
        ok: false,
        reason: 'unreachable',
        detail: 'the app has no request URL and no open socket',
        no_retry: false,
      }
    },
  }
}
