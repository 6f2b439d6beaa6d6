import { expect, test } from '@jest/globals'
import { afterFailure } from '../../src/jobs/backoff.ts'

const hour = 3_600_000

test('the wait after a failure is spread over a fifth to either side', () => {
  expect(afterFailure(1, 0, hour)).toBe(800)
  expect(afterFailure(1, 0.5, hour)).toBe(1_000)
  expect(afterFailure(2, 0.5, hour)).toBe(2_000)
})

test('no wait is longer than the kind of job allows', () => {
  expect(afterFailure(9, 0.5, 120_000)).toBe(120_000)
  expect(afterFailure(200, 0.5, 120_000)).toBe(120_000)
})

test.each([
  ['waits of an hour', hour],
  ['waits of a minute', 60_000],
])('after a day of failures it is given up, with %s', (_words, longest) => {
  let waited = 0
  let failures = 0
  for (
    let wait = afterFailure(++failures, 0.5, longest);
    wait !== null;
    wait = afterFailure(++failures, 0.5, longest)
  )
    waited += wait
  expect(waited).toBeGreaterThanOrEqual(24 * hour)
  expect(waited).toBeLessThan(25 * hour + longest)
})
