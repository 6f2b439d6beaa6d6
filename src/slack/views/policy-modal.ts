import type { InputBlock, ModalView } from '@slack/types'
import type { Review } from '../../admin/policy/review.ts'
import { faultWords, type Fault } from '../../admin/policy/words.ts'
import { sha256Hex } from '../../platform/ids.ts'
import { fit } from './limits.ts'
import { reviewBlocks, reviewButton } from './policy-review.ts'

export const policyForm = { callback_id: 'policy_edit' } as const

/** What one input takes (https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element), less some room to type. */
const partCharacters = 2_500

/** More inputs than that nobody scrolls through. */
const mostParts = 12

const partOf = (index: number) => ({ block_id: `part_${index}`, action_id: 'text' })

/** Asks for the history's note; the same in every form that saves a policy. */
export const noteBlock = (base: number): InputBlock => ({
  type: 'input',
  block_id: 'note',
  label: { type: 'plain_text', text: 'What changes, and why?' },
  hint: { type: 'plain_text', text: `Stands in the history. This is made from version ${base}.` },
  element: { type: 'plain_text_input', action_id: 'text', max_length: 500 },
})

type Values = Record<string, Record<string, { value?: string | null }>>

export function noteIn(values: Values): string | null {
  return values['note']?.['text']?.value?.trim() || null
}

/** The document in a form, cut into inputs between its lines; null where it is too long for one. */
export function policyView(document: string, version: number): ModalView | null {
  const parts = cut(document)
  return parts === null ? null : view(parts, version, null)
}

/** The same form as it was filled in, with what saving it would do: what is reviewed is saved with the next click. */
export function reviewedPolicyView(typed: PolicyForm, review: Review): ModalView {
  return view(typed.texts, typed.base, { review, digest: sha256Hex(typed.document) })
}

function view(texts: string[], base: number, reviewed: { review: Review; digest: string } | null): ModalView {
  const inputs = texts.map((text, index): InputBlock => ({
    type: 'input',
    block_id: partOf(index).block_id,
    optional: texts.length > 1,
    label: { type: 'plain_text', text: label(texts, index) },
    element: {
      type: 'plain_text_input',
      action_id: partOf(index).action_id,
      multiline: true,
      initial_value: text,
    },
  }))
  return {
    type: 'modal',
    callback_id: policyForm.callback_id,
    private_metadata: JSON.stringify({
      base,
      parts: texts.length,
      reviewed: reviewed?.digest ?? null,
    }),
    title: { type: 'plain_text', text: 'Edit the policy' },
    submit: { type: 'plain_text', text: reviewButton(reviewed?.review ?? null) },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [...(reviewed ? reviewBlocks(reviewed.review) : []), ...inputs, noteBlock(base)],
  }
}

/** `is_reviewed`: what was typed is what its author was last shown the consequences of. */
export type PolicyForm = {
  document: string
  base: number
  note: string | null
  texts: string[]
  is_reviewed: boolean
}

/** What was typed, put together again; null where the form is not ours. */
export function readPolicyForm(view: {
  private_metadata: string
  state: { values: Values }
}): PolicyForm | null {
  const { base, parts, reviewed } = metadata(view.private_metadata)
  if (base === null || parts === null) return null
  const { values } = view.state
  const texts = Array.from(
    { length: parts },
    (_, index) => values[partOf(index).block_id]?.[partOf(index).action_id]?.value ?? '',
  )
  const document = `${texts.join('\n').trimEnd()}\n`
  return { document, base, note: noteIn(values), texts, is_reviewed: sha256Hex(document) === reviewed }
}

/** The document's faults, each under the input in which its line stands. */
export function faultsInPlace(texts: string[], faults: Fault[]): Record<string, string> {
  const inPart = new Map<number, Fault[]>()
  for (const fault of faults) {
    const part = partWith(texts, fault.line)
    inPart.set(part, [...(inPart.get(part) ?? []), fault])
  }
  return Object.fromEntries(
    [...inPart].map(([part, found]) => [partOf(part).block_id, fit(found.map(faultWords).join('\n'), 1_500)]),
  )
}

function partWith(texts: string[], line: number): number {
  let last = 0
  for (const [index, text] of texts.entries()) {
    last += text.split('\n').length
    if (line <= last) return index
  }
  return texts.length - 1
}

function label(parts: string[], index: number): string {
  if (parts.length === 1) return 'The document'
  const first = parts.slice(0, index).reduce((lines, text) => lines + text.split('\n').length, 1)
  return `From line ${first}`
}

function cut(document: string): string[] | null {
  const parts: string[] = []
  for (const line of document.trimEnd().split('\n')) {
    const last = parts.at(-1)
    if (line.length > partCharacters) return null
    if (last !== undefined && last.length + 1 + line.length <= partCharacters)
      parts[parts.length - 1] = `${last}\n${line}`
    else parts.push(line)
  }
  return parts.length > mostParts ? null : parts
}

function metadata(text: string): { base: number | null; parts: number | null; reviewed: unknown } {
  try {
    const { base, parts, reviewed } = JSON.parse(text) as {
      base?: unknown
      parts?: unknown
      reviewed?: unknown
    }
    const whole = (value: unknown) => (Number.isInteger(value) && Number(value) > 0 ? Number(value) : null)
    return { base: whole(base), parts: Number(parts) <= mostParts ? whole(parts) : null, reviewed }
  } catch {
    return { base: null, parts: null, reviewed: null }
  }
}
