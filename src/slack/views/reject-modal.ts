import type { ModalView } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { headline } from './request.ts'
import { writeTicket, type Ticket } from './ticket.ts'

export const rejectModal = { callback_id: 'reject', block_id: 'reason', action_id: 'reason' } as const

/** Asks why. The ticket of the card that was clicked goes with it, so that its submission is judged by that card. */
export function rejectView(approval: Approval, ticket: Ticket): ModalView {
  return {
    type: 'modal',
    callback_id: rejectModal.callback_id,
    private_metadata: writeTicket(ticket),
    title: { type: 'plain_text', text: 'Reject the request' },
    submit: { type: 'plain_text', text: 'Reject' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: headline(approval, 500), emoji: false } },
      {
        type: 'input',
        block_id: rejectModal.block_id,
        label: { type: 'plain_text', text: 'Why?' },
        hint: { type: 'plain_text', text: 'The agent and everyone who sees the card will read this.' },
        element: {
          type: 'plain_text_input',
          action_id: rejectModal.action_id,
          multiline: true,
          min_length: 1,
          max_length: 1_000,
          focus_on_load: true,
        },
      },
    ],
  }
}

/** What a modal becomes when its submission could not count: the reason stays to be read. */
export function nothingHappenedView(words: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Nothing was changed' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'plain_text', text: words, emoji: false } }],
  }
}
