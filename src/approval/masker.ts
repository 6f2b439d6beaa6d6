import type { Json, JsonObject } from './approval.ts'
import type { Change } from './difference.ts'
import { editedArguments, type Mask } from './masks.ts'
import { below, isWithin } from './pointer.ts'
import { hidden, without, type Span } from './reveal.ts'

/** How what is not hidden is written: texts and keys, of which the hidden spans are known. */
export type Writing = {
  text(text: string, spans: readonly Span[]): string
  /** How many entries of an object or list are written; the others are counted by an entry more. */
  most_entries: number
}

/** As it came, with what is hidden left out. */
const asItCame: Writing = { text: without, most_entries: Infinity }

/**
 * Writes values with what is hidden in them left out. A `text` may lie within something that is hidden as a whole; `json` and
 * `object` are for parts of a request that nothing lies around.
 */
export function masker(masks: readonly Mask[], writing: Writing = asItCame) {
  const hiddenAt = new Map(masks.map((mask) => [mask.at, mask.spans]))
  const { most_entries } = writing

  function text(at: string, value: string): string {
    const isHidden = masks.some((mask) => mask.spans === null && isWithin(at, mask.at))
    return isHidden ? hidden : writing.text(value, hiddenAt.get(at) ?? [])
  }

  function json(at: string, value: Json): Json {
    const spans = hiddenAt.get(at)
    if (spans === null) return hidden
    if (typeof value === 'string') return writing.text(value, spans ?? [])
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? list(at, value) : object(at, value)
  }

  function list(at: string, values: Json[]): Json[] {
    const written = values.slice(0, most_entries).map((value, i) => json(below(at, `${i}`), value))
    return written.length < values.length ? [...written, more(values.length - written.length)] : written
  }

  function object(at: string, value: JsonObject): JsonObject {
    // As a whole it stays an object, for whoever goes through its fields.
    if (hiddenAt.get(at) === null) return { [hidden]: hidden }
    const keys = Object.keys(value)
    const written = keys
      .slice(0, most_entries)
      .map((key) => [writing.text(key, []), json(below(at, key), value[key] ?? null)] as const)
    const rest = keys.length - written.length
    return Object.fromEntries(rest > 0 ? [...written, [more(rest), null]] : written)
  }

  return { text, json, object }
}

/** What an edit changed, without what is hidden of what it led to. */
export function maskedChanges(
  changes: readonly Change[],
  masks: readonly Mask[],
  writing: Writing = asItCame,
): Change[] {
  const { json } = masker(masks, writing)
  return changes.map(({ path, from, to }) => {
    const at = editedArguments + path
    const whole = masks.find((mask) => mask.spans === null && isWithin(at, mask.at))
    const written = (value: Json) => (whole ? hidden : json(at, value))
    return {
      path: writing.text(whole ? whole.at.slice(editedArguments.length) : path, []),
      ...(from === undefined ? {} : { from: written(from) }),
      ...(to === undefined ? {} : { to: written(to) }),
    }
  })
}

/** How much was left out before it was written, in our own brackets. */
export function more(count: number): string {
  return `⟨${count} more⟩`
}

/** How much a text or a name says was left out. */
export function countedIn(text: string): number {
  return Number(/⟨(\d+) more⟩$/.exec(text)?.[1] ?? 0)
}
