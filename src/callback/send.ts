import { Client } from 'undici'
import type { Clock } from '../platform/clock.ts'
import { meaningOf, readRetryAfter } from './answer.ts'
import { AddressRefused, guardedConnector } from './connect.ts'
import type { Dial, Lookup } from './connect.ts'
import { describeFailure } from './failure.ts'
import { allowedHosts, checkUrl, refusalOf } from './guard.ts'
import type { TargetRules } from './guard.ts'
import { signedHeaders } from './sign.ts'
import type { Unsigned } from './sign.ts'

/**
 * One try. `body` is sent as it is; `at` becomes the signed timestamp. `checkpoint`, of the audit log, goes in a header of its own,
 * for the agent to keep: it bears a signature itself.
 */
export type Callback = Unsigned & { url: string; checkpoint?: string | null }

/** What came of one try. */
export type Attempt = {
  /**
   * `delivered`: 2xx. `gone`: 410, never to be tried again. `retry`: any other status, or no answer. `refused`: the
   * target may not be called and nothing was sent; it is tried again on the same schedule as `retry`, because a name
   * may come to lead elsewhere and the operator may come to allow the host.
   */
  outcome: 'delivered' | 'gone' | 'retry' | 'refused'
  status: number | null
  /** Why it was not delivered, in a few words that are safe to show; null where it was. */
  error: string | null
  duration_ms: number
  /** How long the endpoint asked to be left alone, 24 hours at most. */
  retry_after_ms: number | null
  /** The address connected to, or the one that was refused. */
  address: string | null
}

export type Sender = { send(callback: Callback): Promise<Attempt> }

export type SenderSetting = {
  /** Hosts that may be private or plain http: see `allowedHosts`, also for what it throws. */
  allowed_hosts: readonly string[]
  allow_loopback: boolean
  clock: Clock
  /** This program's version, for the `User-Agent`. */
  version: string
  /** The longest that one try takes, from the name's lookup to the answer's end: 15 s. */
  limit_ms?: number
  /** How names are looked up and connections opened: `dns.lookup` and `net.connect`. */
  lookup?: Lookup
  dial?: Dial
}

type Posted = { headers: Record<string, string>; body: string | Uint8Array }

/** More than anybody says to a callback. The rest is not waited for. */
const answerCapBytes = 64 * 1_024

/**
 * Makes the sender of signed callbacks. Each try has a connection of its own, so that its target is judged anew and
 * nothing of one agent's endpoint is left for the next. Redirects are not followed, proxies in the environment not used.
 *
 * `send` answers with an `Attempt` for whatever the network does. It throws a `TypeError` for an id or a secret that
 * cannot be signed with, before anything is sent.
 */
export function createSender(setting: SenderSetting): Sender {
  const { allow_loopback, clock, version, limit_ms = 15_000, lookup, dial } = setting
  const rules: TargetRules = { allowed_hosts: allowedHosts(setting.allowed_hosts), allow_loopback }

  /** POSTs and throws the answer's body away. Throws what undici, Node or the guard throw. */
  async function post(url: URL, request: Posted, limit: AbortSignal, connected: (address: string) => void) {
    const judge = (address: string) => refusalOf(url, address, rules)
    const connect = guardedConnector({ judge, connected, signal: limit, lookup, dial })
    const client = new Client(url.origin, { connect })
    // A request's own `signal` is not heard while undici is still connecting; destroying the client always is.
    const stop = () => client.destroy(limit.reason, () => undefined)
    limit.addEventListener('abort', stop, { once: true })
    try {
      const path = url.pathname + url.search
      const answer = await client.request({ method: 'POST', path, ...request, reset: true })
      // The status is the answer: an end that never comes, or a broken one, does not take a 2xx back.
      await answer.body.dump({ limit: answerCapBytes }).catch(() => undefined)
      return { status: answer.statusCode, retry_after: answer.headers['retry-after'] }
    } finally {
      limit.removeEventListener('abort', stop)
      await client.destroy()
    }
  }

  return {
    async send({ url: text, checkpoint = null, ...unsigned }) {
      const headers = {
        'content-type': 'application/json',
        'user-agent': `Countersign/${version}`,
        ...signedHeaders(unsigned),
        ...(checkpoint === null
          ? {}
          : { 'countersign-checkpoint': Buffer.from(checkpoint).toString('base64') }),
      }
      const began = clock.now()
      let address: string | null = null
      const attempt = (outcome: Attempt['outcome'], rest: Partial<Attempt>): Attempt => ({
        outcome,
        status: null,
        error: null,
        retry_after_ms: null,
        address,
        // The clock follows the database's and may be set back while the answer is awaited.
        duration_ms: Math.max(0, clock.now().getTime() - began.getTime()),
        ...rest,
      })

      const target = checkUrl(text, rules)
      if (!target.ok) return attempt('refused', { error: target.reason, address: target.address })
      const limit = AbortSignal.timeout(limit_ms)
      try {
        const request = { headers, body: unsigned.body }
        const { status, retry_after } = await post(
          target.url,
          request,
          limit,
          (connected) => (address = connected),
        )
        const outcome = meaningOf(status)
        if (outcome !== 'retry')
          return attempt(outcome, { status, error: outcome === 'gone' ? 'gone' : null })
        const error = status < 400 ? 'redirect not followed' : `answered ${status}`
        return attempt('retry', { status, error, retry_after_ms: readRetryAfter(retry_after, clock.now()) })
      } catch (error) {
        if (error instanceof AddressRefused)
          return attempt('refused', { error: error.message, address: error.address })
        const words = limit.aborted ? `no answer within ${limit_ms / 1_000} s` : describeFailure(error)
        if (words === null) throw error
        return attempt('retry', { error: words })
      }
    },
  }
}
