import type { ViewSubmitAction } from '@slack/bolt'
import { visitorOf, vote, type Judged } from '../actions/click.ts'
import { breakGlassBy } from '../actions/break-glass.ts'
import type { SlackParts } from '../context.ts'
import { nothingHappenedView, reasonIn, reasonMissing, type ReasonForm } from '../views/reason-modal.ts'
import { readTicket, type Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import type { SubmissionAnswer } from './index.ts'

type From = { visitor: Visitor; ticket: Ticket }

/** What each form does with the reason that it asked for. */
const does: Record<ReasonForm, (parts: SlackParts, from: From, reason: string) => Promise<Judged>> = {
  approve: (parts, from, reason) => vote(parts, 'vote', 'approve', from, reason),
  reject: (parts, from, reason) => vote(parts, 'vote', 'reject', from, reason),
  break_glass: (parts, from, reason) => breakGlassBy(parts, 'break_glass', from, reason),
}

export const submitReason =
  (form: ReasonForm) =>
  async (parts: SlackParts, { view, user }: ViewSubmitAction): Promise<SubmissionAnswer> => {
    const reason = reasonIn(view.state.values)
    if (reason === '') return { response_action: 'errors', errors: reasonMissing }
    const ticket = readTicket(view.private_metadata)
    if (!ticket)
      return {
        response_action: 'update',
        view: nothingHappenedView('This form is not known here. Nothing was changed.'),
      }
    const { refusal } = await does[form](parts, { visitor: visitorOf(user), ticket }, reason)
    return refusal === null
      ? null
      : { response_action: 'update', view: nothingHappenedView(`${refusal}\n\nYour reason was: ${reason}`) }
  }
