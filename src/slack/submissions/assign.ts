import type { ViewSubmitAction } from '@slack/bolt'
import { assignTo } from '../actions/assign.ts'
import { visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { assigneeFault, assigneeIn } from '../views/assign-modal.ts'
import { nothingHappenedView, unknownFormView } from '../views/nothing-happened.ts'
import { readTicket } from '../views/ticket.ts'
import type { SubmissionAnswer } from './index.ts'

export async function submitAssignment(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const assignee = assigneeIn(view.state.values)
  if (assignee === null) return { response_action: 'errors', errors: assigneeFault('Choose somebody.') }
  const ticket = readTicket(view.private_metadata)
  if (!ticket) return { response_action: 'update', view: unknownFormView }
  const { refusal, of_assignee } = await assignTo(parts, { visitor: visitorOf(user), ticket }, assignee)
  if (refusal === null) return null
  return of_assignee
    ? { response_action: 'errors', errors: assigneeFault(refusal) }
    : { response_action: 'update', view: nothingHappenedView(refusal) }
}
