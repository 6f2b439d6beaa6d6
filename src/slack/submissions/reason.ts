import type { ViewSubmitAction } from '@slack/bolt'
import { visitorOf, vote, type Judged } from '../actions/click.ts'
import { breakGlassBy } from '../actions/break-glass.ts'
import { revokeBy } from '../actions/revoke.ts'
import type { SlackParts } from '../context.ts'
import { isReasonMissing, reasonIn, reasonMissing, type ReasonForm } from '../views/reason-modal.ts'
import { nothingHappenedView, unknownFormView } from '../views/nothing-happened.ts'
import { readTicket, type Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import type { SubmissionAnswer } from './index.ts'

type From = { visitor: Visitor; ticket: Ticket }
type Said = ReturnType<typeof reasonIn>

/** What each form does with what was said in it. */
const does: Record<ReasonForm, (parts: SlackParts, from: From, said: Said) => Promise<Judged>> = {
  approve: (parts, from, { words }) => vote(parts, 'vote', 'approve', from, words),
  approve_with_note: (parts, from, { words }) => vote(parts, 'vote', 'approve', from, words || null),
  reject: (parts, from, { words, canned }) => vote(parts, 'vote', 'reject', from, words || null, canned),
  revoke: (parts, from, { words }) => revokeBy(parts, 'revoke', from, words),
  break_glass: (parts, from, { words }) => breakGlassBy(parts, 'break_glass', from, words),
}

export const submitReason =
  (form: ReasonForm) =>
  async (parts: SlackParts, { view, user }: ViewSubmitAction): Promise<SubmissionAnswer> => {
    const said = reasonIn(view.state.values)
    if (isReasonMissing(form, said)) return { response_action: 'errors', errors: reasonMissing }
    const ticket = readTicket(view.private_metadata)
    if (!ticket) return { response_action: 'update', view: unknownFormView }
    const { refusal } = await does[form](parts, { visitor: visitorOf(user), ticket }, said)
    if (refusal === null) return null
    const kept = said.words === '' ? '' : `\n\nYou had written: ${said.words}`
    return { response_action: 'update', view: nothingHappenedView(`${refusal}${kept}`) }
  }
