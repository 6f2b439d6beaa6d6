import type { Json, JsonObject } from './approval.ts'
import { below, keysTo } from './pointer.ts'

/**
 * One value that differs, at a JSON pointer (RFC 6901). `from` is missing where it was added, `to` where it was taken
 * away.
 */
export type Change = { path: string; from?: Json; to?: Json }

/**
 * What differs between two objects, in the order of their keys, what was added last. Objects within are gone through;
 * a list that differs is one change, because people read a list as a whole.
 */
export function difference(before: JsonObject, after: JsonObject): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const path = below('', key)
    const [from, to] = [own(before, key), own(after, key)]
    if (from === undefined) return to === undefined ? [] : [{ path, to }]
    if (to === undefined) return [{ path, from }]
    if (isObject(from) && isObject(to))
      return difference(from, to).map((inner) => ({ ...inner, path: path + inner.path }))
    return sameJson(from, to) ? [] : [{ path, from, to }]
  })
}

/** The keys of what differs, as they are in the objects themselves. */
export function touchedKeys(before: JsonObject, after: JsonObject): string[] {
  return [...new Set(difference(before, after).flatMap(({ path }) => keysTo(path).slice(0, 1)))]
}

/** Whether two values are the same JSON, whatever the order of their keys. */
function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => sameJson(one, b[i] ?? null))
  return isObject(a) && isObject(b) ? difference(a, b).length === 0 : a === b
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A key like `constructor` must not find what every object inherits. */
function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
