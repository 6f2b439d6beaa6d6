import type { ViewSubmitAction } from '@slack/bolt'
import type { Approval } from '../../approval/approval.ts'
import type { Clicked, Reply } from '../../approval/decide.ts'
import { inputOf, judged, visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { faultsInPlace, readEditForm, type Filled } from '../views/edit/filled.ts'
import { nothingHappenedView } from '../views/reason-modal.ts'
import { readTicket, type Ticket } from '../views/ticket.ts'
import type { SubmissionAnswer } from './index.ts'

/** Puts what was entered to the core. What is wrong with it is said under the inputs, and nothing is changed. */
export async function submitEdit(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const ticket = readTicket(view.private_metadata)
  const approval = ticket && (await parts.flow.find(ticket.approval_id))
  const input = ticket && (await inputOf(parts, { visitor: visitorOf(user), ticket }))
  if (!ticket || !approval || !input) return update('This form is not known here. Nothing was changed.')
  const filled = isOf(approval, ticket) ? readEditForm(approval, view.state.values) : nothing
  if ('errors' in filled) return { response_action: 'errors', errors: filled.errors }
  const answer = await parts.flow.edit(approval.id, input, filled.wanted, filled.note)
  if (answer?.kind === 'faulty')
    return { response_action: 'errors', errors: faultsInPlace(approval, answer.faults) }
  const { refusal } = judged(answer?.changed ?? null)
  if (refusal === null) return null
  return answer && canBeMended(answer.changed.reply)
    ? { response_action: 'errors', errors: faultsInPlace(approval, [{ pointer: '', detail: refusal }]) }
    : update(refusal)
}

/** Whether another value might count, so that the form stays. */
function canBeMended(reply: Reply<Clicked>): boolean {
  return !reply.counted && (reply.because === 'unchanged' || reply.because === 'denied_by_policy')
}

/** For a form of what is no more: the core says why it cannot count. */
const nothing: Filled = { wanted: { set: {}, remove: [] }, note: null }

/** Whether the form was made of the approval as it is: what its inputs are follows from that. */
function isOf({ status, revision }: Approval, ticket: Ticket): boolean {
  return status === 'pending' && revision === ticket.revision
}

function update(words: string): SubmissionAnswer {
  return { response_action: 'update', view: nothingHappenedView(words) }
}
