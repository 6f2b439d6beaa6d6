import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import type { Retry } from '../../approval/plan.ts'
import { fit, limits } from './limits.ts'
import { headline } from './headline.ts'
import { writeTicket, type Ticket } from './ticket.ts'

/** The forms that ask why, by their callback_id. In those that are `optional` nothing has to be said. */
const forms = {
  approve: {
    title: 'Approve the request',
    submit: 'Approve',
    hint: 'The rule asks for it. The agent and everyone who sees the card will read this.',
    warning: null,
    optional: false,
  },
  approve_with_note: {
    title: 'Approve the request',
    submit: 'Approve',
    hint: 'The agent and everyone who sees the card will read this.',
    warning: null,
    optional: true,
  },
  reject: {
    title: 'Reject the request',
    submit: 'Reject',
    hint: 'The agent and everyone who sees the card will read this.',
    warning: null,
    optional: false,
  },
  revoke: {
    title: 'Revoke the approval',
    submit: 'Revoke',
    hint: 'The agent and everyone who sees the card will read this.',
    warning:
      '⚠ It may not run any more from then on, and its agent is told. To have it run after all it must be asked for anew.',
    optional: false,
  },
  break_glass: {
    title: 'Break glass',
    submit: 'Approve alone',
    hint: 'The agent, the admins and every channel that would have had a say will read this.',
    warning:
      '⚠ You approve this alone, in the place of everybody who would have had to. All of them are told at once, and it is marked in the audit for good.',
    optional: false,
  },
} as const

export type ReasonForm = keyof typeof forms

const field = { block_id: 'reason', action_id: 'reason' } as const
const choice = { block_id: 'canned', action_id: 'canned' } as const

/** Chosen by whom none of the policy's reasons fits. */
const another = 'another'

/**
 * Asks why; who rejects chooses from the policy's reasons, if it has any. The ticket of the card that was clicked goes with
 * it, so that its submission is judged by that card.
 */
export function reasonView(form: ReasonForm, approval: Approval, ticket: Ticket): ModalView {
  const { title, submit } = forms[form]
  const warning = forms[form].warning ?? (form !== 'reject' && approval.risk === 'critical' ? critical : null)
  const canned = form === 'reject' ? approval.plan.reject_reasons : []
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
      ...(canned.length === 0 ? [] : [choiceOf(canned)]),
      ownWords(form, canned.length > 0),
    ],
  }
}

/** The form is the second question, before an approval counts. */
const critical = '◆ Critical risk. Once this is approved for good, it may run at once.'

function choiceOf(canned: Approval['plan']['reject_reasons']): KnownBlock {
  const options = canned.map(({ reason, retry }, place): PlainTextOption => ({
    text: { ...text(fit(reason, limits.option_text)), emoji: false },
    value: String(place),
    ...(retry === null ? {} : { description: text(retries[retry]) }),
  }))
  return {
    type: 'input',
    block_id: choice.block_id,
    label: text('Why?'),
    element: {
      type: 'radio_buttons',
      action_id: choice.action_id,
      options: [...options, { text: text('Another reason'), value: another }],
    },
  }
}

/** What the agent is told about asking again, for whoever chooses. */
const retries: Record<Retry, string> = {
  never: 'The agent is told not to ask again',
  after_change: 'The agent may ask again with something changed',
}

function ownWords(form: ReasonForm, beside: boolean): InputBlock {
  const { hint, optional } = forms[form]
  return {
    type: 'input',
    block_id: field.block_id,
    optional: optional || beside,
    label: text(beside ? 'In your own words' : optional ? 'Note' : 'Why?'),
    hint: text(hint),
    element: {
      type: 'plain_text_input',
      action_id: field.action_id,
      multiline: true,
      max_length: limits.said,
      ...(beside ? {} : { focus_on_load: true }),
    },
  }
}

function text(words: string) {
  return { type: 'plain_text' as const, text: words }
}

type State = Record<
  string,
  Record<string, { value?: string | null; selected_option?: { value: string } | null }>
>

/** What was said: in their own words, empty where there are only blanks, and which of the policy's reasons was chosen. */
export function reasonIn(values: State): { words: string; canned: number | null } {
  const chosen = values[choice.block_id]?.[choice.action_id]?.selected_option?.value
  return {
    words: values[field.block_id]?.[field.action_id]?.value?.trim() ?? '',
    canned: chosen === undefined || chosen === another ? null : Number(chosen),
  }
}

/** Whether a form asks for something that is not there. */
export function isReasonMissing(form: ReasonForm, { words, canned }: ReturnType<typeof reasonIn>): boolean {
  return !forms[form].optional && words === '' && canned === null
}

/** The form's answer to an empty reason. */
export const reasonMissing = { [field.block_id]: 'Say why, so that the agent and your colleagues know.' }
