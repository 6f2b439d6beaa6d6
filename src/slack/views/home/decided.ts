import type { KnownBlock } from '@slack/types'
import { openStage, type Approval } from '../../../approval/approval.ts'
import { counted } from '../../../approval/places.ts'
import type { RawApproval } from '../../../approval/shown.ts'
import { laterButtons } from '../buttons.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { headline } from '../headline.ts'
import { endingOf } from '../ending.ts'
import { dateToken } from '../text.ts'
import { withShown } from '../ticket.ts'

/** A request that somebody voted on, with what became of it since. All words in its mrkdwn are ours. */
export function decidedItem(approval: RawApproval, slack_user_id: string): KnownBlock[] {
  const words = [yours(approval, slack_user_id), standing(approval)].join('  ·  ')
  const text = { type: 'plain_text' as const, text: headline(approval, 150), emoji: false }
  const about: KnownBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: words }] }
  const [only, ...more] = laterButtons(approval)
  if (only && more.length === 0) return [{ type: 'section', text, accessory: only }, about]
  const blocks: KnownBlock[] = [
    { type: 'section', text },
    about,
    { type: 'actions', elements: laterButtons(approval) },
  ]
  return withShown(blocks, sha256Hex(JSON.stringify(blocks)))
}

function yours({ stages, decision }: Approval, slack_user_id: string): string {
  const votes = stages.flatMap((stage) => stage.votes).filter(({ by }) => by.slack_user_id === slack_user_id)
  const last = votes.at(-1)
  if (last) return `You ${last.vote === 'approve' ? 'approved' : 'rejected'} it ${dateToken(last.at)}`
  if (decision?.by.type === 'human' && decision.by.slack_user_id === slack_user_id)
    return `You approved it alone ${dateToken(decision.at)}`
  return 'Your vote counts no more, as the request has changed since'
}

function standing(approval: Approval): string {
  if (approval.withdrawn) return '🛑 Withdrawn'
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  if (!stage || open === null) return endingOf(approval)
  const of = approval.stages.length > 1 ? `, stage ${open + 1} of ${approval.stages.length}` : ''
  return `${endingOf(approval)}: ${counted(stage)} of ${stage.approvals}${of}`
}
