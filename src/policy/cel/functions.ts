import { celFunc, celList, celMethod, CelScalar, celUint, listType, mapType, objectType } from '@bufbuild/cel'
import { celEnv, isCelList, isCelMap, type CelFunc, type CelValue } from '@bufbuild/cel'
import { timestampFromMs, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { calendarFunctions } from './calendar.ts'
import type { Literals } from './literals.ts'
import type { Meter } from './meter.ts'

/** What a loop's range is wrapped in before it is evaluated: not a name that a condition can spell. */
export const loopCharge = '@loop'

const { BOOL, DOUBLE, DYN, INT, STRING, UINT } = CelScalar
const list = listType(DYN)
const map = mapType(DYN, DYN)

/**
 * What replaces functions of the library: those whose cost depends on the request are metered, and those that answer
 * where CEL demands an error are strict. Each correction was seen to be needed in @bufbuild/cel 0.6.1.
 */
export function ownFunctions(meter: Meter, literals: Literals): CelFunc[] {
  return [...metered(meter, literals), ...corrected, ...calendarFunctions(literals.zone)]
}

function metered(meter: Meter, literals: Literals): CelFunc[] {
  const areEqual = (a: CelValue, b: CelValue): boolean => {
    if (isCollection(a) && isCollection(b)) meter.spendOn(a)
    else if (typeof a === 'string') meter.spend(a.length / 256)
    return equals(a, b)
  }
  return [
    celFunc('_==_', [DYN, DYN], BOOL, areEqual),
    celFunc('_!=_', [DYN, DYN], BOOL, (a, b) => !areEqual(a, b)),
    celFunc('@in', [DYN, list], BOOL, (value, range) => {
      for (const element of range) {
        meter.spend(1)
        if (areEqual(element, value)) return true
      }
      return false
    }),
    // Flat, where the library nests one list in the next for each element that map() and filter() keep.
    celFunc('_+_', [list, list], list, (a, b) => {
      meter.spend(1 + (a.size + b.size) / 8)
      return celList([...a, ...b])
    }),
    celMethod('contains', STRING, [STRING], BOOL, function (part) {
      meter.spend(this.length / 128 + (this.length * part.length) / 4096)
      return this.includes(part)
    }),
    celMethod('matches', STRING, [STRING], BOOL, function (text) {
      const pattern = literals.pattern(text)
      meter.spend((this.length * pattern.size) / 8)
      return pattern.test(this)
    }),
    celFunc(loopCharge, [DYN, INT], DYN, (range, bodySize) => {
      if (isCollection(range)) meter.spend(range.size * Number(bodySize))
      return range
    }),
  ]
}

const corrected: CelFunc[] = [
  // A key whose value is null is there.
  celFunc('@in', [STRING, map], BOOL, (key, map) => map.get(key) !== undefined),
  // Seconds, not milliseconds.
  celFunc('timestamp', [INT], objectType(TimestampSchema), (seconds) =>
    timestampFromMs(Number(seconds) * 1_000),
  ),
  // Text that is no number is an error, not 0 or NaN: `double("abc") > 100.0` must fail and not be false.
  celFunc('double', [STRING], DOUBLE, (text) => {
    if (!/^[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})(e[+-]?[0-9]{1,4})?$/i.test(text))
      throw notANumber
    return Number(text)
  }),
  celFunc('int', [STRING], INT, (text) => wholeNumber(text, -(2n ** 63n), 2n ** 63n - 1n)),
  celFunc('uint', [STRING], UINT, (text) => celUint(wholeNumber(text, 0n, 2n ** 64n - 1n))),
]

const notANumber = new Error('not a number')

function wholeNumber(text: string, least: bigint, most: bigint): bigint {
  if (!/^[+-]?[0-9]{1,20}$/.test(text)) throw notANumber
  const value = BigInt(text.replace('+', ''))
  if (value < least || value > most) throw new Error('number out of range')
  return value
}

function isCollection(value: CelValue) {
  return isCelList(value) || isCelMap(value)
}

const libraryEquals = celEnv().funcs.find('_==_')

function equals(a: CelValue, b: CelValue): boolean {
  return libraryEquals?.call(0, undefined, [a, b]) === true
}
