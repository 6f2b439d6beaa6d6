import type { ActionsBlock, Button, KnownBlock } from '@slack/types'
import { isTerminal, type Approval } from '../../approval/approval.ts'
import { fitting } from './fitting.ts'
import { fit, limits } from './limits.ts'
import { nameOf, type People } from './people.ts'
import { headline, requestBlocks } from './request.ts'
import { endingBlocks, stageBlocks } from './status.ts'
import { dateToken, escapeMrkdwn, reveal } from './text.ts'
import { writeTicket } from './ticket.ts'

/** A message of ours. `text` is what notifications and screen readers get. */
export type Card = {
  text: string
  blocks: KnownBlock[]
  metadata: { event_type: string; event_payload: { approval_id: string; stage: number } }
}

export const cardEvent = 'countersign_approval'

/**
 * The card of one stage of an approval, as the committed row says it should look: a pure function, so that posting,
 * updating, repairing and repeating are all the same.
 */
export function card(approval: Approval, stage: number, people: People): Card {
  const state = approval.stages[stage]
  if (!state) throw new Error(`${approval.id} has no stage ${stage}`)
  const waiting = !isTerminal(approval) && state.status === 'open'
  const blocks = fitting((room) => [
    ...requestBlocks(approval, people, room),
    { type: 'divider' },
    ...stageBlocks(approval, state, stage, people),
    ...endingBlocks(approval, people),
    ...(waiting ? [buttons(approval, stage)] : []),
    {
      type: 'context',
      elements: [{ type: 'plain_text', text: `Countersign · ${approval.id}`, emoji: false }],
    },
  ])
  return {
    text: fallback(approval, people),
    // New ids each time: Slack keeps what it drew for a block whose id it knows.
    blocks: blocks.map((block, index) => ({
      ...block,
      block_id: `${approval.revision}.${approval.status}.${votesOf(approval)}.${index}`,
    })),
    metadata: { event_type: cardEvent, event_payload: { approval_id: approval.id, stage } },
  }
}

function votesOf(approval: Approval): number {
  return approval.stages.reduce((sum, stage) => sum + stage.votes.length, 0)
}

function buttons(approval: Approval, stage: number): ActionsBlock {
  const value = writeTicket({ approval_id: approval.id, stage, revision: approval.revision })
  const what = headline(approval, 50)
  const approve: Button = {
    type: 'button',
    action_id: 'approve',
    text: { type: 'plain_text', text: 'Approve' },
    style: 'primary',
    value,
    accessibility_label: `Approve: ${what}`,
  }
  const reject: Button = {
    type: 'button',
    action_id: 'reject',
    text: { type: 'plain_text', text: 'Reject' },
    style: 'danger',
    value,
    accessibility_label: `Reject: ${what}`,
  }
  return {
    type: 'actions',
    elements: approval.plan.allowed_decisions.includes('approve') ? [approve, reject] : [reject],
  }
}

/** One sentence for a notification. It is mrkdwn, so that what the agent wrote is escaped. */
function fallback(approval: Approval, people: People): string {
  const what = escapeMrkdwn(headline(approval, 200))
  const agent = escapeMrkdwn(reveal(approval.agent.name))
  const { decision } = approval
  if (!decision)
    return fit(
      `${agent} asks for approval: ${what} (${approval.risk} risk, until ${dateToken(approval.expires_at)})`,
      limits.fallback_text,
    )
  const who =
    decision.by.type === 'human' ? ` by ${escapeMrkdwn(nameOf(people, decision.by.slack_user_id))}` : ''
  return fit(
    `${approval.status[0]!.toUpperCase()}${approval.status.slice(1)}${who}: ${what} (asked by ${agent})`,
    limits.fallback_text,
  )
}
