import type { KnownBlock } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { nextRung } from '../../approval/ladder.ts'
import { validUntil } from '../../approval/withdraw.ts'
import { dateToken } from './text.ts'

/**
 * When what will happen, or when it was decided and how long it may be acted on; in the reader's own time. It is mrkdwn, and
 * all words in it are ours or the policy's.
 */
export function timeBlocks(approval: Approval): KnownBlock[] {
  const words = approval.decision ? past(approval) : ahead(approval)
  if (words.length === 0) return []
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text: words.join('  ·  ') }] }]
}

function past(approval: Approval): string[] {
  const { decision, withdrawn, consumed, outcome } = approval
  const until = withdrawn || consumed || outcome ? null : validUntil(approval)
  return [
    ...(withdrawn ? [`Withdrawn ${dateToken(withdrawn.at)}`] : []),
    ...(decision ? [`Decided ${dateToken(decision.at)}`] : []),
    ...(consumed ? [`Began to run ${dateToken(consumed.at)}`] : []),
    ...(until ? [`May run until ${dateToken(until)}`] : []),
  ]
}

function ahead(approval: Approval): string[] {
  // While it is frozen its time stands still.
  if (approval.freeze !== null) return []
  const end = approval.plan.on_timeout === 'reject' ? 'is rejected' : 'expires'
  return [...next(approval), `Without an answer it ${end} ${dateToken(approval.expires_at)}`]
}

function next(approval: Approval): string[] {
  const ahead = nextRung(approval)
  if (!ahead) return []
  const { rung } = ahead
  const when = dateToken(ahead.at)
  switch (rung.do) {
    case 'escalate':
      return [`Moves on to *${rung.to}* ${when}`]
    case 'require':
      return [`Needs ${rung.approvals} approvals from ${when}`]
    case 'remind':
    case 'mention':
      return [`Next reminder ${when}`]
  }
}
