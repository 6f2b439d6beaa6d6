import type { Json, JsonObject } from '../../approval/approval.ts'
import { moneyIn } from './money.ts'

/** One line of an object that is laid out for people, in the order of its keys. `label` is a key, or `#3` in a list. */
export type Row = { depth: number; label: string; value: Value }

export type Value =
  /** On one line, as it came: code, so that it is never taken for our own words. */
  | { as: 'word'; text: string }
  | { as: 'date'; at: Date; text: string }
  | { as: 'money'; text: string }
  /** Long, or of several lines: in a box of its own. */
  | { as: 'text'; text: string }
  /** Short values, one after another. */
  | { as: 'list'; texts: string[] }
  /** Something whose rows follow, one level deeper. */
  | { as: 'group'; size: number; of: 'fields' | 'entries' }

/** A text longer than that gets a box of its own. */
const longestWord = 160

/** A list is shown on one line where none of its entries is longer. */
const longestEntry = 60

/** What could be taken for another kind of value, or for nothing at all, stands in quotes. */
const ambiguous = /^(|true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?|["[{].*|\s.*|.*\s)$/s

/** `easy`: amounts stand with their currency. `exact`: every field stands as it came. */
type Manner = 'easy' | 'exact'

/** An object's parts, as few lines as say all of it. */
export function* rowsOf(value: JsonObject | Json[], manner: Manner, depth = 0): Generator<Row> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* rowsOfField(`#${index + 1}`, entry, manner, depth)
    return
  }
  const money = manner === 'easy' ? moneyIn(value) : null
  for (const [key, field] of Object.entries(value)) {
    const amount = money?.amounts[key]
    // A key may be empty too.
    const label = key === '' ? '""' : key
    if (amount !== undefined) yield { depth, label, value: { as: 'money', text: amount } }
    else if (key !== money?.currency) yield* rowsOfField(label, field, manner, depth)
  }
}

function* rowsOfField(label: string, value: Json, manner: Manner, depth: number): Generator<Row> {
  const short = shortValue(value)
  if (short) return yield { depth, label, value: short }
  const inner = value as JsonObject | Json[]
  const [size, of] = Array.isArray(inner)
    ? ([inner.length, 'entries'] as const)
    : ([Object.keys(inner).length, 'fields'] as const)
  yield { depth, label, value: { as: 'group', size, of } }
  yield* rowsOf(inner, manner, depth + 1)
}

/** A value that takes one row; null where it takes several. */
export function shortValue(value: Json): Exclude<Value, { as: 'group' }> | null {
  if (typeof value === 'string') return textValue(value)
  if (typeof value !== 'object' || value === null) return { as: 'word', text: JSON.stringify(value) }
  if (Object.keys(value).length === 0) return { as: 'word', text: JSON.stringify(value) }
  if (!Array.isArray(value)) return null
  const texts = value.map(entryText)
  return texts.every((text) => text !== null) ? { as: 'list', texts } : null
}

function textValue(text: string): Exclude<Value, { as: 'group' | 'list' }> {
  if (text.length > longestWord || /[\n\t]/.test(text)) return { as: 'text', text }
  const at = moment(text)
  return at ? { as: 'date', at, text } : { as: 'word', text: ambiguous.test(text) ? `"${text}"` : text }
}

function entryText(entry: Json): string | null {
  const short = typeof entry === 'object' && entry !== null ? null : shortValue(entry)
  return short && 'text' in short && short.as !== 'text' && short.text.length <= longestEntry
    ? short.text
    : null
}

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/** A text that names a moment (RFC 3339), where Slack can show it; without a time zone it names none. */
function moment(text: string): Date | null {
  if (!dateTime.test(text)) return null
  const at = new Date(text.toUpperCase().replace(' ', 'T'))
  // Slack's dates begin in 1970.
  return at.getTime() >= 0 ? at : null
}
