import { celFunc, celList, celMethod, CelScalar, celUint, listType, mapType, objectType } from '@bufbuild/cel'
import type { CelFunc, CelInput, CelList } from '@bufbuild/cel'
import { timestampFromMs, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { calendarFunctions } from './calendar.ts'
import type { Literals } from './literals.ts'
import { loopCharge } from './prices.ts'

const { BOOL, DOUBLE, DYN, INT, STRING, UINT } = CelScalar
const list = listType(DYN)
const map = mapType(DYN, DYN)

/** What replaces functions of the library: see each for why. */
export function ownFunctions(literals: Literals): CelFunc[] {
  return [...corrected, ...ofLiterals(literals), ...calendarFunctions(literals.zone)]
}

function ofLiterals(literals: Literals): CelFunc[] {
  return [
    celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
      return literals.pattern(pattern).test(this)
    }),
  ]
}

/** What @bufbuild/cel 0.6.1 was seen to answer otherwise than CEL demands. */
const corrected: CelFunc[] = [
  celFunc(loopCharge, [DYN, INT], DYN, (range) => range),
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
  // Flat: the library nests one list in the next for each element that map() and filter() keep, and walks them all.
  celFunc('_+_', [list, list], list, (a, b) => {
    const joined = [...elementsOf(a), ...elementsOf(b)]
    const result = celList(joined)
    flat.set(result, joined)
    return result
  }),
]

/** The elements of the lists made here, so that adding one more element copies an array and walks no iterator. */
const flat = new WeakMap<CelList, CelInput[]>()

function elementsOf(list: CelList): Iterable<CelInput> {
  return flat.get(list) ?? list
}

const notANumber = new Error('not a number')

function wholeNumber(text: string, least: bigint, most: bigint): bigint {
  if (!/^[+-]?[0-9]{1,20}$/.test(text)) throw notANumber
  const value = BigInt(text.replace('+', ''))
  if (value < least || value > most) throw new Error('number out of range')
  return value
}
