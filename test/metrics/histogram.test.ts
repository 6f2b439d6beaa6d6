import { expect, test } from '@jest/globals'
import { array, assert, double, integer, oneof, property } from 'fast-check'
import { bucketOf, quantile, valueOf, type Histogram } from '../../src/metrics/histogram.ts'

function histogramOf(values: readonly number[]): Histogram {
  const histogram: Histogram = new Map()
  for (const value of values) histogram.set(bucketOf(value), (histogram.get(bucketOf(value)) ?? 0) + 1)
  return histogram
}

/** From nothing to a year, in milliseconds, as often short as long. */
const value = oneof(
  integer({ min: 0, max: 50 }),
  double({ min: 0, max: 24, noNaN: true }).map((power) => Math.round(Math.E ** power)),
)

test('a value is told from its bucket with an error of at most 1 %', () => {
  assert(
    property(value, (exact) => {
      expect(Math.abs(valueOf(bucketOf(exact)) - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.01))
    }),
  )
})

test('a larger value is in no earlier bucket', () => {
  assert(
    property(value, value, (a, b) => {
      expect(bucketOf(Math.min(a, b))).toBeLessThanOrEqual(bucketOf(Math.max(a, b)))
    }),
  )
})

test('every quantile is that of the exact values, by nearest rank, at most 1 % off', () => {
  assert(
    property(
      array(value, { minLength: 1, maxLength: 300 }),
      integer({ min: 1, max: 100 }),
      (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b)
        const exact = sorted[Math.ceil((percent / 100) * values.length) - 1]!
        const found = quantile(histogramOf(values), percent / 100)!
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.01))
      },
    ),
  )
})

test('of nothing there is none', () => {
  expect(quantile(new Map(), 0.5)).toBeNull()
})
