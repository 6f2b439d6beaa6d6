import { isCelList, isCelMap, type CelFunc, type CelValue } from '@bufbuild/cel'
import { zoned } from './calendar.ts'
import type { Literals } from './literals.ts'
import type { Meter } from './meter.ts'

/** What a loop's range is wrapped in before it is evaluated: not a name that a condition can spell. */
export const loopCharge = '@loop'

/** What one call costs, before it is made. */
type Price = (meter: Meter, values: CelValue[], literals: Literals) => void

/** Functions that look at less or more than each character of a text a few times. */
const particular = new Map<string, Price>([
  [loopCharge, ofLoop],
  ['_==_', ofEquality],
  ['_!=_', ofEquality],
  ['@in', ofMembership],
  ['_+_', ofJoining],
  ['contains', ofSearch],
  ['matches', ofMatch],
  ...['startsWith', 'endsWith', '_<_', '_<=_', '_>_', '_>=_'].map((name) => [name, ofTexts(256)] as const),
  // About what asking the time zone database takes.
  ...[...zoned].map((name): [string, Price] => [name, (meter) => meter.spend(100)]),
])

/** The types whose values can be large. */
const sized = new Set(['string', 'bytes', 'list', 'map', 'dyn'])

/**
 * A function that is paid for before it runs. Where the allowance is spent the error goes straight through the
 * evaluator: as a CEL error, `||` or a loop could swallow it and go on at length.
 */
export function priced(func: CelFunc, meter: Meter, literals: Literals): CelFunc {
  if (![func.target, ...func.arguments].some((type) => type && sized.has(type.name))) return func
  const price = particular.get(func.name) ?? ofTexts(8)
  const taken: string[] = [...(func.target ? [func.target] : []), ...func.arguments].map(({ name }) => name)
  const call: CelFunc['call'] = (id, target, args) => {
    const values = target === undefined ? args : [target, ...args]
    if (values.length === taken.length && values.every((value, i) => mayTake(taken[i], value)))
      price(meter, values, literals)
    return func.call(id, target, args)
  }
  const own: CelFunc = Object.create(func)
  return Object.assign(own, { call })
}

/** Several forms of a function are asked until one takes the values; only that one is to be paid for. */
function mayTake(name: string | undefined, value: CelValue): boolean {
  if (typeof value === 'string') return name === 'string' || name === 'dyn'
  if (value instanceof Uint8Array) return name === 'bytes' || name === 'dyn'
  return name !== 'string' && name !== 'bytes'
}

function ofTexts(charactersAStep: number): Price {
  return (meter, values) => {
    for (const value of values)
      if (typeof value === 'string' || value instanceof Uint8Array)
        meter.spend(value.length / charactersAStep)
  }
}

function ofEquality(meter: Meter, [a, b]: CelValue[]): void {
  if (typeof a === 'string') meter.spend(a.length / 256)
  else if (typeof a === 'object' && a !== null && typeof b === 'object') meter.spendOn(a)
}

function ofMembership(meter: Meter, [, range]: CelValue[]): void {
  if (isCelList(range)) meter.spendOn(range)
}

function ofJoining(meter: Meter, [a, b]: CelValue[]): void {
  if (isCelList(a) && isCelList(b)) meter.spend(1 + (a.size + b.size) / 32)
  else if (typeof a === 'string') meter.spend(a.length / 256)
}

/** The engine's search is quadratic at worst. */
function ofSearch(meter: Meter, [text, part]: CelValue[]): void {
  if (typeof text === 'string' && typeof part === 'string')
    meter.spend(text.length / 128 + (text.length * part.length) / 1_024)
}

function ofMatch(meter: Meter, [text, pattern]: CelValue[], literals: Literals): void {
  if (typeof text === 'string' && typeof pattern === 'string')
    meter.spend((text.length * literals.pattern(pattern).size) / 8)
}

function ofLoop(meter: Meter, [range, bodySize]: CelValue[]): void {
  if (isCelList(range) || isCelMap(range)) meter.spend(range.size * Number(bodySize))
}
