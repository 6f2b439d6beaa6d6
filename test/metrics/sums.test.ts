import { expect, test } from '@jest/globals'
import { array, assert, bigInt, date, integer, nat, property, record } from 'fast-check'
import { fromDecimal, sharedOut, toDecimal } from '../../src/metrics/decimal.ts'
import { concerning, frozenMs } from '../../src/metrics/frozen.ts'
import { beginningOf, hourMs, nextOf, piecesOf } from '../../src/metrics/spans.ts'
import { changeWords, inWords, isNothing } from '../../src/metrics/words.ts'

test('a window is cut into pieces that leave nothing out, cover nothing twice, and are few', () => {
  const hour = date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }).map(
    (at) => beginningOf('hour', at),
  )
  assert(
    property(hour, nat({ max: 366 * 24 }), (from, hours) => {
      const to = new Date(from.getTime() + hours * hourMs)
      const pieces = piecesOf({ from, to })
      const ends = [from, ...pieces.map((piece) => piece.to)]
      pieces.forEach((piece, nth) => {
        expect(piece.from).toEqual(ends[nth])
        expect(piece.from < piece.to).toBe(true)
        for (const end of [piece.from, piece.to]) expect(beginningOf(piece.span, end)).toEqual(end)
      })
      expect(ends.at(-1)).toEqual(to)
      const parts = pieces.reduce((sum, { span, from: begin, to: end }) => {
        let count = 0
        for (let at = begin; at < end; at = nextOf(span, at)) count++
        return sum + count
      }, 0)
      expect(parts).toBeLessThanOrEqual(46 + 60 + 12)
    }),
  )
})

test('decimals are added up without rounding', () => {
  assert(
    property(array(bigInt({ min: 0n, max: 10n ** 24n })), (values) => {
      const sum = values.reduce((all, each) => all + fromDecimal(toDecimal(each)), 0n)
      expect(sum).toBe(values.reduce((all, each) => all + each, 0n))
    }),
  )
  expect(toDecimal(fromDecimal('0.10'))).toBe('0.1')
  expect(toDecimal(fromDecimal('1234.000000000001'))).toBe('1234.000000000001')
  expect(toDecimal(fromDecimal('100'))).toBe('100')
  expect(toDecimal(0n)).toBe('0')
  expect(sharedOut(fromDecimal('1'), 3)).toBe('0.333333')
  expect(sharedOut(fromDecimal('2'), 3)).toBe('0.666667')
  expect(sharedOut(fromDecimal('300'), 3)).toBe('100')
})

test('frozen time is that of every minute that some freeze covers', () => {
  const at = (minutes: number) => new Date(minutes * 60_000)
  const freezes = array(record({ from: integer({ min: 0, max: 200 }), length: integer({ min: 0, max: 60 }) }))
  assert(
    property(freezes, integer({ min: 0, max: 150 }), integer({ min: 0, max: 120 }), (all, from, length) => {
      const now = at(180)
      const window = { from: at(from), to: at(from + length) }
      let minutes = 0
      for (let minute = from; minute < Math.min(from + length, 180); minute++)
        if (all.some((one) => one.from <= minute && minute < one.from + one.length)) minutes++
      const found = all.map((one) => ({
        agent: null,
        at: at(one.from),
        lifted_at: at(one.from + one.length),
      }))
      expect(frozenMs(found, window, now)).toBe(minutes * 60_000)
    }),
  )
  const still = [{ agent: 'a', at: at(10), lifted_at: null }]
  expect(frozenMs(still, { from: at(0), to: at(60) }, at(30))).toBe(20 * 60_000)
  expect(concerning(still, 'b')).toEqual([])
  expect(concerning([{ agent: null, at: at(0), lifted_at: null }], 'b')).toHaveLength(1)
})

test.each([
  ['share', 0.1234, '12.3 %'],
  ['share', null, '–'],
  ['ms', 420, '420 ms'],
  ['ms', 4_240, '4.2 s'],
  ['ms', 59_960, '1 min'],
  ['ms', 192_000, '3 min 12 s'],
  ['ms', 3_599_900, '1 h'],
  ['ms', 7_380_000, '2 h 3 min'],
  ['ms', 3 * 86_400_000, '3.0 days'],
  ['count', 12_345, '12,345'],
  ['count', 2.54, '2.5'],
  ['money', { EUR: '1.5', USD: '0.000421' }, '1.50 EUR, 0.0004 USD'],
] as const)('%s of %p is read as %s', (unit, value, words) => {
  expect(inWords(unit, value)).toBe(words)
})

test.each([
  ['share', 0.5, 0.25, '+25.0 points'],
  ['share', 0.25, 0.5, '−25.0 points'],
  ['share', 0.5, null, null],
  ['ms', 110, 100, '+10 %'],
  ['ms', 100, 100, 'unchanged'],
  ['count', 3, 0, 'from 0'],
  ['money', { USD: '2' }, { USD: '1' }, '+100 %'],
  ['money', { USD: '2', EUR: '1' }, { USD: '1' }, null],
] as const)('%s: %p after %p', (unit, now, before, words) => {
  expect(changeWords(unit, now, before)).toBe(words)
})

test('a share of nothing at all says nothing, and a share of 0 does', () => {
  expect([isNothing('share', null), isNothing('share', 0)]).toEqual([true, false])
  expect([isNothing('count', 0), isNothing('ms', 0), isNothing('count', 1)]).toEqual([true, true, false])
})
