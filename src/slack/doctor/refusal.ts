import { WebAPIPlatformError } from '@slack/web-api'
import { inOneLine } from '../../platform/check.ts'
import { slackFailure } from '../failures.ts'

/** Slack's word for why a call was refused (`channel_not_found`, …); null where the call was not answered at all. */
export function refusalOf(error: unknown): string | null {
  const failure = slackFailure(error)
  return failure?.kind === 'refused' ? failure.error : null
}

/** Why a call failed, in words: for a scope that is missing, which. */
export function whyFailed(error: unknown): string {
  const refusal = refusalOf(error)
  if (refusal === null) return `Slack did not answer: ${inOneLine(error)}`
  const needed = error instanceof WebAPIPlatformError ? Reflect.get(error.data, 'needed') : undefined
  return typeof needed === 'string' ? `${refusal}: ${needed}` : refusal
}
