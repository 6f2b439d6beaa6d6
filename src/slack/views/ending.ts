import type { RichTextElement, RichTextSection } from '@slack/types'
import type { Approval, Decider } from '../../approval/approval.ts'
import { isEdited } from '../../approval/effective.ts'
import { outcomeFigures } from '../../approval/outcome-words.ts'
import type { ShownApproval } from '../../approval/shown.ts'
import { person, type People } from './people.ts'
import { because, type SaidRoom } from './said.ts'
import { bold, code, line, plain } from './text.ts'

/** How an approval ended; nothing while it waits. */
export function endingLines(approval: ShownApproval, people: People, room: SaidRoom): RichTextSection[] {
  const { decision } = approval
  if (!decision) return []
  return [
    // Comes first: that it may not run any more is what counts now.
    ...withdrawnLines(approval, people, room),
    line(
      bold(endingOf(approval)),
      ...by(decision.by, people),
      ...because(decision.reason, room),
      plain(decision.retry === null ? '' : ` · ${retryWords[decision.retry]}`),
    ),
    ...outcomeLines(approval, room),
  ]
}

const outcomes = { succeeded: '☑ Succeeded', failed: '❌ Failed', skipped: '⏭ Skipped' } as const

/** What the agent says came of it, in its own words where there are any. */
function outcomeLines({ outcome }: ShownApproval, room: SaidRoom): RichTextSection[] {
  if (outcome === null) return []
  const figures = outcomeFigures(outcome).map((figure) => plain(` · ${figure}`))
  return [
    line(
      bold(outcomes[outcome.status]),
      plain(', says the agent'),
      ...because(outcome.error, room),
      ...figures,
    ),
  ]
}

function withdrawnLines({ withdrawn }: ShownApproval, people: People, room: SaidRoom): RichTextSection[] {
  if (withdrawn === null) return []
  return [
    line(
      bold('🛑 Withdrawn'),
      ...by(withdrawn.by, people),
      ...because(withdrawn.reason, room),
      plain('. It may not run any more.'),
    ),
  ]
}

/** What a rejected agent is told about asking again. */
export const retryWords = {
  never: 'the agent is told not to ask again',
  after_change: 'the agent may ask again with something changed',
} as const

const endings = {
  approved: '✅ Approved',
  rejected: '⛔ Rejected',
  expired: '⌛ Expired',
  cancelled: '🚫 Cancelled',
  pending: '⏳ Waiting',
} as const

/** How an approval stands, in a word. */
export function endingOf(approval: Approval): string {
  const { status } = approval
  return status === 'approved' && isEdited(approval) ? '✅ Approved as edited' : endings[status]
}

function by(decider: Decider, people: People): RichTextElement[] {
  switch (decider.type) {
    case 'human':
      return [plain(' by '), person(people, decider.slack_user_id)]
    case 'agent':
      return [plain(' by the agent '), code(decider.name)]
    case 'policy':
      return [plain(' by the policy, rule '), code(decider.rule ?? 'defaults')]
    case 'timeout':
      return []
    case 'freeze':
      return [plain(' by a freeze')]
  }
}
