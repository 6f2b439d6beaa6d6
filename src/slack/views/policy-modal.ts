import type { InputBlock, ModalView } from '@slack/types'
import { faultWords, type Fault } from '../../admin/policy/words.ts'
import { fit } from './limits.ts'

export const policyForm = { callback_id: 'policy_edit' } as const

/** What one input takes (https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element), less some room to type. */
const partCharacters = 2_500

/** More inputs than that nobody scrolls through. */
const mostParts = 12

const partOf = (index: number) => ({ block_id: `part_${index}`, action_id: 'text' })
const note = { block_id: 'note', action_id: 'text' } as const

/** The document in a form, cut into inputs between its lines; null where it is too long for one. */
export function policyView(document: string, version: number): ModalView | null {
  const parts = cut(document)
  if (parts === null) return null
  const inputs = parts.map((text, index): InputBlock => ({
    type: 'input',
    block_id: partOf(index).block_id,
    optional: parts.length > 1,
    label: { type: 'plain_text', text: label(parts, index) },
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
    private_metadata: JSON.stringify({ base: version, parts: parts.length }),
    title: { type: 'plain_text', text: 'Edit the policy' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      ...inputs,
      {
        type: 'input',
        block_id: note.block_id,
        label: { type: 'plain_text', text: 'What changes, and why?' },
        hint: { type: 'plain_text', text: `Stands in the history. This is made from version ${version}.` },
        element: { type: 'plain_text_input', action_id: note.action_id, max_length: 500 },
      },
    ],
  }
}

/** What was typed, put together again; null where the form is not ours. */
export function readPolicyForm(view: {
  private_metadata: string
  state: { values: Record<string, Record<string, { value?: string | null }>> }
}): { document: string; base: number; note: string; texts: string[] } | null {
  const { base, parts } = metadata(view.private_metadata)
  if (base === null || parts === null) return null
  const { values } = view.state
  const texts = Array.from(
    { length: parts },
    (_, index) => values[partOf(index).block_id]?.[partOf(index).action_id]?.value ?? '',
  )
  const said = values[note.block_id]?.[note.action_id]?.value?.trim() ?? ''
  return { document: `${texts.join('\n').trimEnd()}\n`, base, note: said, texts }
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

function metadata(text: string): { base: number | null; parts: number | null } {
  try {
    const { base, parts } = JSON.parse(text) as { base?: unknown; parts?: unknown }
    const whole = (value: unknown) => (Number.isInteger(value) && Number(value) > 0 ? Number(value) : null)
    return { base: whole(base), parts: Number(parts) <= mostParts ? whole(parts) : null }
  } catch {
    return { base: null, parts: null }
  }
}
