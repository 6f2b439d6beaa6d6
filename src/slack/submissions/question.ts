import type { ViewSubmitAction } from '@slack/bolt'
import { askBy } from '../actions/ask.ts'
import { visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { questionIn, questionMissing } from '../views/question-modal.ts'
import { nothingHappenedView, unknownFormView } from '../views/nothing-happened.ts'
import { readTicket } from '../views/ticket.ts'
import type { SubmissionAnswer } from './index.ts'

export async function submitQuestion(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const text = questionIn(view.state.values)
  if (text === '') return { response_action: 'errors', errors: questionMissing }
  const ticket = readTicket(view.private_metadata)
  if (!ticket) return { response_action: 'update', view: unknownFormView }
  const { refusal } = await askBy(parts, { visitor: visitorOf(user), ticket }, text)
  if (refusal === null) return null
  return { response_action: 'update', view: nothingHappenedView(`${refusal}\n\nYou had asked: ${text}`) }
}
