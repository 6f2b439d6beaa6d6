import type { Approval, Json, JsonObject } from '../../../approval/approval.ts'
import { editableKeys } from '../../../approval/effective.ts'
import { keysTo } from '../../../approval/pointer.ts'
import type { JsonFault } from '../../../json/fault.ts'
import { fit } from '../limits.ts'
import { said } from '../../../approval/shown.ts'
import { entered, type Entered, type Read } from './control.ts'
import { formOf, note, type Asked } from './edit-modal.ts'

/** `state.values` of a submitted view. */
type Values = Record<string, Record<string, Entered>>

/** What an editor made of the arguments: values by their keys, and keys to leave out. */
export type Filled = { wanted: { set: JsonObject; remove: string[] }; note: string | null }

/** Slack's answer to a form that cannot be taken: words by `block_id`. */
export type Errors = Record<string, string>

/** What was entered into the form of that approval, or what is wrong with it. */
export function readEditForm(approval: Approval, values: Values): Filled | { errors: Errors } {
  const set: [string, Json][] = []
  const remove: string[] = []
  const faults: [Asked, string][] = []
  for (const field of formOf(approval).asked) {
    const read = valueOf(field, values[blockOf(field)]?.[entered] ?? {})
    if ('fault' in read) faults.push([field, read.fault])
    else if (field.key === null) {
      const all = isObject(read.value) ? read.value : {}
      set.push(...Object.entries(all))
      remove.push(...editableKeys(approval).filter((key) => !Object.hasOwn(all, key)))
    } else if (read.value === undefined) remove.push(field.key)
    else set.push([field.key, read.value])
  }
  if (faults.length > 0) return { errors: errorsOf(faults) }
  const why = values[note.block_id]?.[note.action_id]?.value?.trim() ?? ''
  return { wanted: { set: Object.fromEntries(set), remove }, note: why === '' ? null : why }
}

/** The value of a field, undefined where it is left out. */
function valueOf({ key, control, value, required, nullable }: Asked, state: Entered): Read {
  const read = control.read(state)
  if ('fault' in read) return read
  if (key === null) return isObject(read.value) ? read : { fault: 'Write a JSON object, such as {}' }
  if (read.value !== undefined || value === undefined) return read
  if (nullable) return { value: null }
  if (value === '' || (Array.isArray(value) && value.length === 0)) return { value }
  if (!required) return read
  return control.blank === undefined ? { fault: 'This is needed' } : { value: control.blank }
}

/** The form's answer to who does not say why, where the rule asks for it. */
export const reasonMissing: Errors = {
  [note.block_id]: 'Say why, so that the agent and your colleagues know: the rule asks for it.',
}

/** What is wrong with the arguments, each under the input that it is about. */
export function faultsInPlace(approval: Approval, faults: readonly JsonFault[]): Errors {
  const { asked } = formOf(approval)
  return errorsOf(
    faults.flatMap(({ pointer, detail }): [Asked, string][] => {
      const [, , ...rest] = pointer.split('/')
      const [key = ''] = keysTo(pointer)
      const own = asked.find((field) => field.key === key)
      const where = own ? rest.map((step) => `/${step}`).join('') : pointer
      const field = own ?? asked.find((one) => one.key === null) ?? asked[0]
      return field ? [[field, where === '' ? detail : `${where}: ${detail}`]] : []
    }),
  )
}

function errorsOf(faults: [Asked, string][]): Errors {
  const byBlock = new Map<string, string[]>()
  for (const [field, words] of faults)
    byBlock.set(blockOf(field), [...(byBlock.get(blockOf(field)) ?? []), words])
  return Object.fromEntries([...byBlock].map(([block, words]) => [block, fit(said(words.join('\n')), 1_500)]))
}

function blockOf({ block }: Asked): string {
  return block.block_id ?? ''
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
