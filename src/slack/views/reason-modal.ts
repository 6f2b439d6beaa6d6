import type { ModalView } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { fit } from './limits.ts'
import { headline } from './headline.ts'
import { writeTicket, type Ticket } from './ticket.ts'

/** The forms that ask why, by their callback_id. */
const forms = {
  approve: {
    title: 'Approve the request',
    submit: 'Approve',
    hint: 'The rule asks for it. The agent and everyone who sees the card will read this.',
    warning: null,
  },
  reject: {
    title: 'Reject the request',
    submit: 'Reject',
    hint: 'The agent and everyone who sees the card will read this.',
    warning: null,
  },
  break_glass: {
    title: 'Break glass',
    submit: 'Approve alone',
    hint: 'The agent, the admins and every channel that would have had a say will read this.',
    warning:
      '⚠ You approve this alone, in the place of everybody who would have had to. All of them are told at once, and it is marked in the audit for good.',
  },
} as const

export type ReasonForm = keyof typeof forms

const field = { block_id: 'reason', action_id: 'reason' } as const

/** Asks why. The ticket of the card that was clicked goes with it, so that its submission is judged by that card. */
export function reasonView(form: ReasonForm, approval: Approval, ticket: Ticket): ModalView {
  const { title, submit, hint, warning } = forms[form]
  const text = (words: string) => ({ type: 'plain_text' as const, text: words })
  return {
    type: 'modal',
    callback_id: form,
    private_metadata: writeTicket(ticket),
    title: text(title),
    submit: text(submit),
    close: text('Back'),
    blocks: [
      { type: 'section', text: { ...text(headline(approval, 500)), emoji: false } },
      ...(warning === null ? [] : [{ type: 'section' as const, text: text(warning) }]),
      {
        type: 'input',
        block_id: field.block_id,
        label: text('Why?'),
        hint: text(hint),
        element: {
          type: 'plain_text_input',
          action_id: field.action_id,
          multiline: true,
          min_length: 1,
          max_length: 1_000,
          focus_on_load: true,
        },
      },
    ],
  }
}

/** What was typed into the form; empty where there are only blanks. */
export function reasonIn(values: Record<string, Record<string, { value?: string | null }>>): string {
  return values[field.block_id]?.[field.action_id]?.value?.trim() ?? ''
}

/** The form's answer to an empty reason. */
export const reasonMissing = { [field.block_id]: 'Say why, so that the agent and your colleagues know.' }

/** What a modal becomes when its submission could not count: the reason stays to be read. */
export function nothingHappenedView(words: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Nothing was changed' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'plain_text', text: fit(words, 3_000), emoji: false } }],
  }
}
