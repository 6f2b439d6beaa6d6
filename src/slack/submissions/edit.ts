import type { ViewSubmitAction } from '@slack/bolt'
import type { Approval } from '../../approval/approval.ts'
import type { Clicked, Reply } from '../../approval/decide.ts'
import { inputOf, judged, visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { faultsInPlace, readEditForm, reasonMissing, type Errors, type Filled } from '../views/edit/filled.ts'
import { nothingHappenedView } from '../views/nothing-happened.ts'
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
  const errors = answer && mendable(approval, answer.changed.reply, refusal)
  return errors ? { response_action: 'errors', errors } : update(refusal)
}

/** What can be mended in the form, so that it stays; null where it cannot. */
function mendable(approval: Approval, reply: Reply<Clicked>, refusal: string): Errors | null {
  if (reply.counted) return null
  switch (reply.because) {
    case 'unchanged':
    case 'denied_by_policy':
      return faultsInPlace(approval, [{ pointer: '', detail: refusal }])
    // What it would become may be under another rule, which asks for one.
    case 'reason_missing':
      return reasonMissing
    default:
      return null
  }
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
