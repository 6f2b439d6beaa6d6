import type { CelType } from '@bufbuild/cel'
import type { Constant } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'

/**
 * The type of an expression as far as it is known when a policy is saved. `is` is CEL's name of the type, or `json`
 * for a value that a request brings, or `any` where nothing is known.
 */
export type Static = {
  is: string
  /** What a list holds, or a map's values are. */
  element?: Static | undefined
  /** Set where only these fields exist. */
  fields?: Readonly<Record<string, Static>>
}

export const bool: Static = { is: 'bool' }
export const int: Static = { is: 'int' }
export const double: Static = { is: 'double' }
export const string: Static = { is: 'string' }
export const timestamp: Static = { is: 'google.protobuf.Timestamp' }
export const typeName: Static = { is: 'type' }
export const unknown: Static = { is: 'any' }
export const dynamic: Static = { is: 'json' }
export const list = (element?: Static): Static => ({ is: 'list', element })
export const map = (element?: Static): Static => ({ is: 'map', element })
export const record = (fields: Readonly<Record<string, Static>>): Static => ({ is: 'map', fields })

/** JSON's numbers are doubles: a request never brings an int, a timestamp or bytes. */
const inJson = new Set(['json', 'double', 'string', 'bool', 'list', 'map', 'null_type'])

export function isJson(type: Static): boolean {
  return inJson.has(type.is)
}

/** Whether a value of this type may be given where a function takes `wanted`. */
export function fits(type: Static, wanted: CelType): boolean {
  if (wanted.name === 'dyn' || type.is === 'any') return true
  return type.is === 'json' ? inJson.has(wanted.name) : type.is === wanted.name
}

/** The type of something that is one or the other; undefined is the element of an empty list. */
export function either(a: Static | undefined, b: Static | undefined): Static | undefined {
  if (!a || !b) return a ?? b
  if (a.is !== b.is) return isJson(a) && isJson(b) ? dynamic : unknown
  if (a.is === 'list' || a.is === 'map')
    return a.fields && a.fields === b.fields ? a : { is: a.is, element: either(elementOf(a), elementOf(b)) }
  return a
}

/** What a list or map holds, as far as is known: a record's fields differ. */
export function elementOf(type: Static): Static | undefined {
  if (type.is === 'json' || type.fields) return dynamic
  return type.is === 'any' ? unknown : type.element
}

/** In words, for a message. */
export function describe(type: Static): string {
  if (type.is === 'json') return 'a value of the request'
  if (type.is === 'any') return 'anything'
  return type.is.replace('google.protobuf.', '').replace('null_type', 'null').toLowerCase()
}

/** A literal's type. */
export function ofConstant({ constantKind }: Constant): Static {
  switch (constantKind.case) {
    case 'boolValue':
      return bool
    case 'int64Value':
      return int
    case 'uint64Value':
      return { is: 'uint' }
    case 'doubleValue':
      return { is: 'double' }
    case 'stringValue':
      return string
    case 'bytesValue':
      return { is: 'bytes' }
    case 'nullValue':
      return { is: 'null_type' }
    case 'durationValue':
    case 'timestampValue':
    case undefined:
    default:
      return unknown
  }
}

/** The type that a function says it gives. */
export function ofResult(type: CelType): Static {
  return type.name === 'dyn' ? unknown : { is: type.name }
}
