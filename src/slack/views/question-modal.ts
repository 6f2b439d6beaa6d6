import type { ModalView } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { headline } from './headline.ts'
import { limits } from './limits.ts'
import { writeTicket, type Ticket } from './ticket.ts'

export const questionForm = { callback_id: 'ask' } as const

const field = { block_id: 'question', action_id: 'question' } as const

/** Asks what the agent is to be asked. */
export function questionView(approval: Approval, ticket: Ticket): ModalView {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words })
  const hint =
    approval.callback_url === null
      ? 'This agent left no address where it could be told: its owner gets your question instead. The time goes on meanwhile.'
      : 'The agent is told at once, and its answer comes into the thread of the card. The time goes on meanwhile.'
  return {
    type: 'modal',
    callback_id: questionForm.callback_id,
    private_metadata: writeTicket(ticket),
    title: text('Ask the agent'),
    submit: text('Ask'),
    close: text('Back'),
    blocks: [
      { type: 'section', text: { ...text(headline(approval, 500)), emoji: false } },
      {
        type: 'input',
        block_id: field.block_id,
        label: text('Your question'),
        hint: text(hint),
        element: {
          type: 'plain_text_input',
          action_id: field.action_id,
          multiline: true,
          max_length: limits.said,
          focus_on_load: true,
        },
      },
    ],
  }
}

/** What was typed into the form; empty where there are only blanks. */
export function questionIn(values: Record<string, Record<string, { value?: string | null }>>): string {
  return values[field.block_id]?.[field.action_id]?.value?.trim() ?? ''
}

/** The form's answer to no question. */
export const questionMissing = { [field.block_id]: 'There is no question in it.' }
