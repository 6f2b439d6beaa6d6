import type { ViewSubmitAction } from '@slack/bolt'
import { vote, visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { nothingHappenedView, rejectModal } from '../views/reject-modal.ts'
import { readTicket } from '../views/ticket.ts'
import type { SubmissionAnswer } from './index.ts'

export async function submitReject(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const { block_id, action_id } = rejectModal
  const reason = view.state.values[block_id]?.[action_id]?.value?.trim() ?? ''
  if (reason === '')
    return {
      response_action: 'errors',
      errors: { [block_id]: 'Say why, so that the agent and your colleagues know.' },
    }
  const ticket = readTicket(view.private_metadata)
  if (!ticket)
    return {
      response_action: 'update',
      view: nothingHappenedView('This form is not known here. Nothing was changed.'),
    }
  const { refusal } = await vote(parts, 'vote', 'reject', { visitor: visitorOf(user), ticket }, reason)
  return refusal === null
    ? null
    : { response_action: 'update', view: nothingHappenedView(`${refusal}\n\nYour reason was: ${reason}`) }
}
