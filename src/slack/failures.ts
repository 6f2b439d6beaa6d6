import { ErrorCode } from '@slack/web-api'

/** Why a call to Slack failed, as far as it matters to whoever made it. */
export type SlackFailure =
  /** Slack answered no, in its own word: `channel_not_found`, `invalid_blocks`, … */
  | { kind: 'refused'; error: string }
  | { kind: 'rate_limited'; retry_after_ms: number }
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
    case ErrorCode.HTTPError:
      return { kind: 'unclear', error: error.message }
    default:
      return null
  }
}
