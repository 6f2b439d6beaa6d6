import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import type { Approval } from '../../../approval/approval.ts'
import { editableKeys } from '../../../approval/effective.ts'
import { fit } from '../limits.ts'
import { headline } from '../headline.ts'
import { reveal } from '../../../approval/reveal.ts'
import { writeTicket, type Ticket } from '../ticket.ts'
import type { Control } from './control.ts'
import { fieldsOf, type Field } from './fields.ts'

export const editForm = { callback_id: 'edit' } as const

export const note = { block_id: 'note', action_id: 'note' } as const

/** Slack takes views of 250 kB; beside the inputs there is little. */
const inputBytes = 200_000

export type Asked = Field & { control: Control; block: InputBlock }

/** The inputs of an approval's form, and the keys of what is too long for one. The same for the same approval. */
type Form = { asked: Asked[]; left_out: string[] }

export function formOf(approval: Approval): Form {
  const form: Form = { asked: [], left_out: [] }
  let bytes = 0
  for (const [index, field] of fieldsOf(approval).entries()) {
    const { control } = field
    const block = control && inputOf(field, control, index)
    bytes += block ? Buffer.byteLength(JSON.stringify(block)) : 0
    if (control && block && bytes <= inputBytes) form.asked.push({ ...field, control, block })
    else form.left_out.push(field.key ?? '')
  }
  return form
}

/** The form in which an action is edited, or in words why there can be none. */
export function editView(approval: Approval, ticket: Ticket): ModalView | string {
  const { asked, left_out } = formOf(approval)
  const keys = reveal(left_out.join(', '))
  if (asked.length === 0)
    return keys === ''
      ? `The rule lets you change ${reveal(editableKeys(approval).join(', '))}, and this request has nothing of that. You can still reject it, and say what should be different.`
      : `What you may change here (${keys}) is too long for a form. You can still reject it, and say what should be different.`
  return {
    type: 'modal',
    callback_id: editForm.callback_id,
    private_metadata: writeTicket(ticket),
    title: { type: 'plain_text', text: 'Edit the action' },
    submit: { type: 'plain_text', text: 'Approve as edited' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      section(headline(approval, 500)),
      section(
        'You approve what you make of it. The policy is asked again and may want more people; who approved it before has to look again.',
      ),
      ...(keys === '' ? [] : [section(`Too long to be changed here, and left as it is: ${keys}`)]),
      ...asked.map(({ block }) => block),
      {
        type: 'input',
        block_id: note.block_id,
        optional: !approval.plan.require_reason,
        label: { type: 'plain_text', text: 'Why?' },
        hint: { type: 'plain_text', text: 'The agent and everyone who sees the card will read this.' },
        element: { type: 'plain_text_input', action_id: note.action_id, multiline: true, max_length: 1_000 },
      },
    ],
  }
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'plain_text', text, emoji: false } }
}

function inputOf(field: Field, control: Control, index: number): InputBlock {
  const { key, title, about, required, nullable } = field
  const name = key === null ? 'The arguments that can be changed' : reveal(key)
  const label = title === null || title === key ? name : `${fit(reveal(title), 150)} (${name})`
  const hint = [about === null ? '' : fit(reveal(about), 500), control.how ?? '', emptyMeans(field, control)]
    .filter((one) => one !== '')
    .join(' ')
  return {
    type: 'input',
    block_id: blockOf(index),
    optional: key !== null && (!required || nullable || control.blank !== undefined),
    label: { type: 'plain_text', text: label, emoji: false },
    ...(hint === '' ? {} : { hint: { type: 'plain_text', text: hint, emoji: false } }),
    element: control.element,
  }
}

/** Said where it can be emptied once it was filled in, which buttons and menus cannot. */
function emptyMeans({ key, value, required, nullable }: Field, { element }: Control): string {
  if (key === null || !['plain_text_input', 'number_input'].includes(element.type)) return ''
  if (nullable && value !== undefined) return 'Empty, it is null.'
  return required ? '' : 'Empty, it is left out.'
}

function blockOf(index: number): string {
  return `argument_${index}`
}
