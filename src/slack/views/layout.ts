import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../approval/approval.ts'
import { onOneLine } from './brief.ts'
import { limits } from './limits.ts'
import { moneyIn } from './money.ts'

/**
 * One line of an object that is laid out for people, in the order of its keys. `label` is a key, or `#3` in a list. `was`
 * is there where another object has something else at that place.
 */
export type Row = { depth: number; label: string; value: Value; was?: Json }

export type Value =
  /** On one line, as it came: code, so that it is never taken for our own words. */
  | { as: 'word'; text: string }
  | { as: 'date'; at: Date; text: string }
  | { as: 'money'; text: string }
  /** Long, or of several lines: in a box of its own. */
  | { as: 'text'; text: string }
  /** Short values, one after another. */
  | { as: 'list'; texts: string[] }
  /** A few short fields of an object, on one line. */
  | { as: 'fields'; fields: { label: string; text: string }[] }
  /** Something whose rows follow, one level deeper. */
  | { as: 'group'; size: number; of: 'fields' | 'entries' }

/** A text longer than that gets a box of its own. */
const longestWord = 160

/** A list is shown on one line where none of its entries is longer. */
const longestEntry = 60

/** An object is shown on one line where it is no more than this. */
const fewFields = { fields: 4, characters: 80 }

/** What could be taken for another kind of value, or for nothing at all, stands in quotes. */
const ambiguous = /^(|true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?|["[{].*|\s.*|.*\s)$/s

/** `easy`: amounts stand with their currency, small objects on one line. `exact`: every field stands as it came. */
type Manner = 'easy' | 'exact'

/**
 * An object's parts, as few lines as say all of it.
 *
 * @param before what it is compared with, where it is
 */
export function* rowsOf(
  value: JsonObject | Json[],
  manner: Manner,
  before?: Json,
  depth = 0,
): Generator<Row> {
  for (const { key, label, field, amount } of fieldsOf(value, manner)) {
    const was = at(before, key)
    // What has the same kind of parts is compared part by part.
    const alike = isGroup(field) && isGroup(was) && Array.isArray(was) === Array.isArray(field)
    const differs = was !== undefined && !alike && !isDeepStrictEqual(was, field)
    const compact = manner === 'easy' && !alike ? fewFieldsOf(field) : null
    const shown = amount ?? compact ?? valueOf(field)
    yield { depth, label, value: shown, ...(differs ? { was } : {}) }
    if (shown.as === 'group' && isGroup(field)) yield* rowsOf(field, manner, was, depth + 1)
  }
}

type Field = { key: string; label: string; field: Json; amount: Value | null }

function fieldsOf(value: JsonObject | Json[], manner: Manner): Field[] {
  if (Array.isArray(value))
    return value.map((field, i) => ({ key: String(i), label: `#${i + 1}`, field, amount: null }))
  const money = manner === 'easy' ? moneyIn(value) : null
  return Object.entries(value).flatMap(([key, field]): Field[] => {
    if (key === money?.currency) return []
    const text = money?.amounts[key]
    const amount: Value | null = text === undefined ? null : { as: 'money', text }
    return [{ key, label: labelOf(key), field, amount }]
  })
}

/** What an object's rows are called at its own level, in their order. */
export function labelsOf(object: JsonObject): string[] {
  return fieldsOf(object, 'easy').map(({ label }) => label)
}

/** A key may be empty, and may try to be more than one line. */
export function labelOf(key: string): string {
  return key === '' ? '""' : onOneLine(key)
}

/** An object that is short enough for one line. */
function fewFieldsOf(object: Json): Value | null {
  if (!isGroup(object) || Array.isArray(object) || Object.keys(object).length > fewFields.fields) return null
  const fields = fieldsOf(object, 'easy').flatMap(({ label, field, amount }) => {
    const value = amount ?? (isGroup(field) ? null : valueOf(field))
    return value?.as === 'word' || value?.as === 'money' ? [{ label, text: value.text }] : []
  })
  const characters = fields.reduce((sum, { label, text }) => sum + label.length + text.length, 0)
  const all = fields.length > 0 && fields.length === fieldsOf(object, 'easy').length
  if (!all || characters > fewFields.characters) return null
  return { as: 'fields', fields }
}

function at(object: Json | undefined, key: string): Json | undefined {
  // A key like `constructor` must not find what every object inherits.
  return isGroup(object) && Object.hasOwn(object, key) ? (object as JsonObject)[key] : undefined
}

function isGroup(value: Json | undefined): value is JsonObject | Json[] {
  return typeof value === 'object' && value !== null
}

/** How a value is shown; a group's own parts are rows of their own. */
export function valueOf(value: Json): Value {
  if (typeof value === 'string') return textValue(value)
  if (!isGroup(value) || Object.keys(value).length === 0) return { as: 'word', text: JSON.stringify(value) }
  if (!Array.isArray(value)) return { as: 'group', size: Object.keys(value).length, of: 'fields' }
  const texts = value.map(entryText)
  if (texts.every((text) => text !== null)) return { as: 'list', texts }
  return { as: 'group', size: value.length, of: 'entries' }
}

function textValue(text: string): Value {
  if (text.length > longestWord || /[\n\t]/.test(text)) return { as: 'text', text }
  const at = moment(text)
  return at ? { as: 'date', at, text } : { as: 'word', text: ambiguous.test(text) ? `"${text}"` : text }
}

function entryText(entry: Json): string | null {
  if (isGroup(entry)) return null
  const value = valueOf(entry)
  return 'text' in value && value.as !== 'text' && value.text.length <= longestEntry ? value.text : null
}

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/** A text that names a moment (RFC 3339), where Slack can show it; without a time zone it names none. */
function moment(text: string): Date | null {
  if (!dateTime.test(text)) return null
  const at = new Date(text.toUpperCase().replace(' ', 'T'))
  return at.getTime() >= 0 && at.getTime() <= limits.date * 1_000 ? at : null
}
