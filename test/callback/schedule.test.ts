import { describe, expect, test } from '@jest/globals'
import { assert, double, integer, option, property } from 'fast-check'
import { nextTry } from '../../src/callback/index.ts'

const [s, m, h] = [1_000, 60_000, 3_600_000]
const schedule = [5 * s, 30 * s, 2 * m, 10 * m, 1 * h, 3 * h, 8 * h]
const jitters = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const asked = option(integer({ min: 0, max: 24 * h }))

describe('the schedule', () => {
  test('in the middle of the jitter is the contract’s', () => {
    expect(schedule.map((_, index) => nextTry(index + 1, 0.5))).toEqual(schedule)
  })

  test('begins at once and ends after eight tries', () => {
    expect(nextTry(0, 0.9)).toBe(0)
    expect(nextTry(8, 0.5)).toBeNull()
    expect(nextTry(8, 0.5, 60 * s)).toBeNull()
    expect(nextTry(1_000, 0.5)).toBeNull()
  })

  test('keeps within a fifth of each wait, whatever the jitter', () => {
    assert(
      property(integer({ min: 1, max: 7 }), jitters, (attempts, jitter) => {
        const wait = schedule[attempts - 1] ?? Number.NaN
        const next = nextTry(attempts, jitter) ?? Number.NaN
        expect(next).toBeGreaterThanOrEqual(wait * 0.8)
        expect(next).toBeLessThanOrEqual(wait * 1.2)
      }),
    )
  })

  test('reaches both ends of the jitter', () => {
    expect([nextTry(1, 0), nextTry(1, 0.999_999)]).toEqual([4 * s, 6 * s])
  })

  test('never comes before the endpoint asked, nor before its own time', () => {
    assert(
      property(integer({ min: 1, max: 7 }), jitters, asked, (attempts, jitter, retry_after_ms) => {
        const own = nextTry(attempts, jitter) ?? Number.NaN
        expect(nextTry(attempts, jitter, retry_after_ms)).toBe(Math.max(own, retry_after_ms ?? 0))
      }),
    )
  })
})
