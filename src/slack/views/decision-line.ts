import { reveal } from '../../approval/reveal.ts'
import type { AuditEvent } from '../../audit/index.ts'
import { retryWords } from './ending.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

/** What a thread tells of a vote, of how an approval ended and of what stopped it: our words, and below them theirs. */
export function decisionLine(event: AuditEvent): { words: string; theirs: string | null } | null {
  switch (event.type) {
    case 'vote.cast':
      return { words: `✓ ${by(event)} approved.`, theirs: event.data.comment }
    case 'approval.approved':
      return { words: `✅ Approved by ${by(event)}.`, theirs: event.data.reason }
    case 'approval.rejected': {
      const { reason, retry } = event.data
      if (event.actor.type === 'timeout')
        return { words: '⛔ Nobody decided in time, and the policy rejects then.', theirs: null }
      const told = retry === null ? '' : `; ${retryWords[retry]}`
      return { words: `⛔ Rejected by ${by(event)}${told}.`, theirs: reason }
    }
    case 'approval.expired':
      return { words: '⌛ Nobody decided in time: it has expired.', theirs: null }
    case 'approval.cancelled': {
      const agents = event.actor.type === 'agent'
      const words = agents ? '🚫 The agent took it back.' : `🚫 Cancelled by ${by(event)}.`
      return { words, theirs: event.data.reason }
    }
    case 'approval.withdrawn':
      return {
        words: `🛑 Withdrawn by ${by(event)}: it may not run any more.`,
        theirs: event.data.reason,
      }
    case 'approval.thawed':
      return {
        words: `▶ It goes on, with the frozen time given back, and ends ${dateToken(new Date(event.data.expires_at))}.`,
        theirs: null,
      }
    case 'approval.frozen':
      return {
        words: '🧊 Frozen: it cannot be approved, and its time stands still. It can be rejected.',
        theirs: event.data.reason,
      }
    default:
      return null
  }
}

/** Nobody is pinged by it. */
function by({ actor }: AuditEvent): string {
  switch (actor.type) {
    case 'human':
      return escapeMrkdwn(reveal(actor.name))
    case 'freeze':
      return 'a freeze'
    case 'operator':
      return 'an operator'
    default:
      return 'Countersign'
  }
}
