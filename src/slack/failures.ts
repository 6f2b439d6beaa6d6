import { ErrorCode } from '@slack/web-api'

/** Why a call to Slack failed, as far as it matters to whoever made it. */
export type SlackFailure =
  /** Slack answered no, in its own word: `channel_not_found`, `invalid_blocks`, … */
  | { kind: 'refused'; error: string }
  | { kind: 'rate_limited'; retry_after_ms: number }
  /** There was no connection: it did certainly not happen. */
  | { kind: 'unreached'; error: string }
  /** No answer: it may or may not have happened. */
  | { kind: 'unclear'; error: string }

/** Null where the error is not from a call to Slack. */
export function slackFailure(error: unknown): SlackFailure | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  switch (error.code) {
    case ErrorCode.PlatformError:
      return { kind: 'refused', error: (error as unknown as { data: { error: string } }).data.error }
    case ErrorCode.RateLimitedError:
      return {
        kind: 'rate_limited',
        retry_after_ms: (error as unknown as { retryAfter: number }).retryAfter * 1_000,
      }
    case ErrorCode.RequestError:
      return { kind: neverConnected(error) ? 'unreached' : 'unclear', error: error.message }
    case ErrorCode.HTTPError:
      return { kind: 'unclear', error: error.message }
    default:
      return null
  }
}

/** Node's words for a connection that was never made. A connection that broke is not among them: it may have been used. */
const connecting: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The SDK wraps the client's error, and that one the system's: an address that is tried twice fails with both. */
function neverConnected(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('code' in error && connecting.has(error.code)) return true
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return error.errors.every(neverConnected)
  return (
    ('original' in error && neverConnected(error.original)) ||
    ('cause' in error && neverConnected(error.cause))
  )
}
