import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js'
import { textOf } from './guard.ts'
import { keyOf } from './key.ts'

type Value = string | number

/** What a part of a condition says about one part of the request, by comparing it with literals. */
export type Limit = { of: string } & (
  | { is: 'one of'; values: readonly Value[] }
  | { is: 'not'; value: Value }
  | { is: 'begun by'; prefix: string }
  /** `strict` leaves the bound itself out. */
  | { is: 'above' | 'below'; bound: number; strict: boolean }
)

/** Null where it is no comparison with literals. */
export function limitOf({ exprKind }: Expr): Limit | null {
  if (exprKind.case !== 'callExpr') return null
  const { function: name, target, args } = exprKind.value
  if (name === 'startsWith' && target && args[0]) {
    const prefix = textOf(args[0])
    return prefix === null ? null : { of: keyOf(target), is: 'begun by', prefix }
  }
  const [left, right] = args
  if (!left || !right) return null
  if (name === '@in') {
    const values = right.exprKind.case === 'listExpr' ? right.exprKind.value.elements.map(valueOf) : []
    const known = values.filter((value) => value !== null)
    return known.length === 0 || known.length < values.length
      ? null
      : { of: keyOf(left), is: 'one of', values: known }
  }
  return compared(name, left, valueOf(right)) ?? compared(mirrored[name] ?? '', right, valueOf(left))
}

const mirrored: Readonly<Record<string, string>> = {
  '_==_': '_==_',
  '_!=_': '_!=_',
  '_<_': '_>_',
  '_<=_': '_>=_',
  '_>_': '_<_',
  '_>=_': '_<=_',
}

function compared(name: string, part: Expr, value: Value | null): Limit | null {
  if (value === null || part.exprKind.case === 'constExpr') return null
  const of = keyOf(part)
  if (name === '_==_') return { of, is: 'one of', values: [value] }
  if (name === '_!=_') return { of, is: 'not', value }
  if (typeof value !== 'number') return null
  if (name === '_>_' || name === '_>=_') return { of, is: 'above', bound: value, strict: name === '_>_' }
  if (name === '_<_' || name === '_<=_') return { of, is: 'below', bound: value, strict: name === '_<_' }
  return null
}

/** A text, or a number that a double holds exactly; else null. */
function valueOf({ exprKind }: Expr): Value | null {
  const constant = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined
  if (constant?.case === 'stringValue' || constant?.case === 'doubleValue') return constant.value
  if (constant?.case !== 'int64Value') return null
  const number = Number(constant.value)
  return Number.isSafeInteger(number) ? number : null
}

/** False where no request can be as all of these say at once. */
export function canHold(limits: readonly Limit[]): boolean {
  const parts = new Map<string, Limit[]>()
  for (const limit of limits) parts.set(limit.of, [...(parts.get(limit.of) ?? []), limit])
  return [...parts.values()].every(agree)
}

function agree(limits: readonly Limit[]): boolean {
  const listed = limits.flatMap((limit) => (limit.is === 'one of' ? [limit.values] : []))
  const [first] = listed
  if (first) return first.some((value) => limits.every((limit) => admits(limit, value)))
  return bounds(limits) && prefixes(limits)
}

export function admits(limit: Limit, value: Value): boolean {
  switch (limit.is) {
    case 'one of':
      return limit.values.includes(value)
    case 'not':
      return limit.value !== value
    case 'begun by':
      return typeof value === 'string' && value.startsWith(limit.prefix)
    case 'above':
      return typeof value === 'number' && (limit.strict ? value > limit.bound : value >= limit.bound)
    case 'below':
      return typeof value === 'number' && (limit.strict ? value < limit.bound : value <= limit.bound)
  }
}

function bounds(limits: readonly Limit[]): boolean {
  const low = limits.flatMap((limit) => (limit.is === 'above' ? [limit] : []))
  const high = limits.flatMap((limit) => (limit.is === 'below' ? [limit] : []))
  return low.every((above) =>
    high.every(
      (below) => above.bound < below.bound || (above.bound === below.bound && !above.strict && !below.strict),
    ),
  )
}

/** Of two beginnings one begins the other. */
function prefixes(limits: readonly Limit[]): boolean {
  const begun = limits.flatMap((limit) => (limit.is === 'begun by' ? [limit.prefix] : []))
  return begun.every((one) => begun.every((other) => one.startsWith(other) || other.startsWith(one)))
}

/** Whether `wanted` holds wherever another limit does, about the same part. */
export function follows(wanted: Limit, from: Limit): boolean {
  if (wanted.of !== from.of) return false
  if (from.is === 'one of') return from.values.every((value) => admits(wanted, value))
  if (wanted.is === 'begun by') return from.is === 'begun by' && from.prefix.startsWith(wanted.prefix)
  if (wanted.is === 'above') return from.is === 'above' && reaches(from.bound - wanted.bound, wanted, from)
  if (wanted.is === 'below') return from.is === 'below' && reaches(wanted.bound - from.bound, wanted, from)
  return wanted.is === 'not' && from.is === 'not' && wanted.value === from.value
}

function reaches(further: number, wanted: { strict: boolean }, from: { strict: boolean }): boolean {
  return further > 0 || (further === 0 && (from.strict || !wanted.strict))
}
