import { describe, expect, test } from '@jest/globals'
import { assert, anything, constantFrom, integer, property } from 'fast-check'
import { formatDuration, longestDurationMs, parseDuration } from '../../src/approval/duration.ts'

describe('a duration', () => {
  test.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['4h', 14_400_000],
    ['2d', 172_800_000],
    ['1s', 1_000],
    ['007s', 7_000],
    ['366d', longestDurationMs],
    ['31622400s', longestDurationMs],
    [90, 90_000],
    [0.25, 250],
    [0.001, 1],
    [4.35, 4_350],
    [31_622_400, longestDurationMs],
  ])('%p is %d ms', (value, ms) => {
    expect(parseDuration(value)).toBe(ms)
  })

  test.each([
    ['nothing', ''],
    ['no unit', '90'],
    ['no amount', 's'],
    ['an unknown unit', '3w'],
    ['a unit in capitals', '3H'],
    ['milliseconds', '500ms'],
    ['a fraction in text', '1.5h'],
    ['a sign', '-5m'],
    ['a plus', '+5m'],
    ['two parts', '1h30m'],
    ['a space', '5 m'],
    ['a space before', ' 5m'],
    ['a line break after', '5m\n'],
    ['digits of another script', '٣m'],
    ['zero', '0s'],
    ['zero seconds', 0],
    ['a negative number', -1],
    ['less than a millisecond', 0.000_9],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a day too long', '367d'],
    ['a millisecond too long', 31_622_400.001],
    ['more digits than any duration needs', '1000000000s'],
    ['nothing at all', undefined],
    ['null', null],
    ['true', true],
    ['a list', ['5m']],
    ['a whole number beyond doubles', 5n],
  ])('%s is none', (_, value) => {
    expect(parseDuration(value)).toBeNull()
  })

  test.each([
    [1_000, '1s'],
    [90_000, '90s'],
    [60_000, '1m'],
    [5_400_000, '90m'],
    [3_600_000, '1h'],
    [86_400_000, '1d'],
    [90_000_000, '25h'],
    [longestDurationMs, '366d'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test('of whole seconds is read as it was written', () => {
    assert(
      property(integer({ min: 1, max: longestDurationMs / 1_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1_000))).toBe(seconds * 1_000)
      }),
    )
  })

  test('means the same in seconds as in any unit', () => {
    const units = constantFrom(['s', 1], ['m', 60], ['h', 3_600], ['d', 86_400])
    assert(
      property(integer({ min: 1, max: 366 }), units, (amount, [unit, seconds]) => {
        expect(parseDuration(`${amount}${unit}`)).toBe(parseDuration(amount * seconds))
      }),
    )
  })

  test('of anything at all is a whole number of milliseconds within bounds, or none', () => {
    assert(
      property(anything(), (value) => {
        const ms = parseDuration(value)
        expect(ms === null || (Number.isInteger(ms) && ms >= 1 && ms <= longestDurationMs)).toBe(true)
      }),
    )
  })
})
