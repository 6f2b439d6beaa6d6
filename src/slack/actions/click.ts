import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { Approval } from '../../approval/approval.ts'
import type { VoteInput } from '../../approval/vote.ts'
import type { SlackParts } from '../context.ts'
import { refusalWords } from '../views/refusals.ts'
import { readTicket, type Ticket } from '../views/ticket.ts'
import { rolesIn, type Visitor } from '../workspace/workspace.ts'

/** A click on a button of a card, with everything that Slack said about it. */
export type Click = { visitor: Visitor; ticket: Ticket; channel: string | null; trigger_id: string }

/** Null where the button carries no ticket of ours. */
export function readClick(body: BlockAction, action: ButtonAction): Click | null {
  const ticket = readTicket(action.value)
  return (
    ticket && {
      ticket,
      visitor: visitorOf(body.user),
      channel: body.channel?.id ?? null,
      trigger_id: body.trigger_id,
    }
  )
}

export function visitorOf(user: { id: string; team_id?: string }): Visitor {
  return { slack_user_id: user.id, team_id: user.team_id ?? null }
}

/**
 * Puts a click, or a form's submission, to the core as a vote of this person.
 *
 * @returns null when it counted, else why it did not, in words for the person
 */
export async function vote(
  { flow, workspace }: SlackParts,
  type: VoteInput['type'],
  how: VoteInput['vote'],
  from: { visitor: Visitor; ticket: Ticket },
  comment: string | null,
): Promise<{ approval: Approval | null; refusal: string | null }> {
  const { approval_id, stage, revision } = from.ticket
  const approval = await flow.find(approval_id)
  if (!approval) return { approval: null, refusal: 'This request is not known here. Nothing was changed.' }
  // Who may vote is read before the row is locked: nothing waits for Slack inside a transaction.
  const [by, membership] = await Promise.all([
    workspace.person(from.visitor.slack_user_id),
    workspace.membership(from.visitor, rolesIn(approval)),
  ])
  const changed = await flow.vote(approval_id, { type, vote: how, by, stage, revision, comment, membership })
  if (!changed) return { approval: null, refusal: 'This request is not known here. Nothing was changed.' }
  const refusal = changed.reply.counted ? null : refusalWords(changed.approval, changed.reply.because)
  return { approval: changed.approval, refusal }
}

/** An answer that this person alone sees. */
export async function tellPrivately(
  { interactive, log }: SlackParts,
  click: { visitor: Visitor; channel: string | null },
  text: string,
) {
  if (click.channel === null) return
  try {
    await interactive.chat.postEphemeral({
      channel: click.channel,
      user: click.visitor.slack_user_id,
      text,
      blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }],
    })
  } catch (error) {
    // What the click did is committed and audited; only the words did not get through.
    log.warn({ err: error, user: click.visitor.slack_user_id }, 'a private answer could not be given')
  }
}
