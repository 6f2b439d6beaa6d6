import { describe, expect, test } from '@jest/globals'
import { betterOffset, measureOffset } from '../../src/platform/clock.ts'

describe('the offset to go by', () => {
  test('is at first what was measured', () => {
    expect(betterOffset(null, { offset_ms: 1_476, error_ms: 1_500 })).toBe(1_476)
  })

  test.each([
    ['stays where a slow answer proves nothing against it', 3, { offset_ms: 1_476, error_ms: 1_500 }, 3],
    ['stays within the noise of quick answers', 3, { offset_ms: 2.4, error_ms: 1.2 }, 3],
    ['moves forward as far as it is proven wrong', 3, { offset_ms: 60, error_ms: 2 }, 58],
    ['moves back as far as it is proven wrong', 3, { offset_ms: -60, error_ms: 2 }, -58],
    ['follows a clock that was set anew', 3, { offset_ms: -3_600_000, error_ms: 2 }, -3_599_998],
  ])('%s', (_, known_ms, measured, expected) => {
    expect(betterOffset(known_ms, measured)).toBe(expected)
  })
})

test('a measurement is never further from the truth than it says', async () => {
  // The other clock is an hour ahead, and its answer is long on the way in one direction only.
  const hour = 3_600_000
  const { offset_ms, error_ms } = await measureOffset(async () => {
    const answer = new Date(Date.now() + hour)
    await new Promise((resolve) => setTimeout(resolve, 20))
    return answer
  })
  expect(Math.abs(offset_ms - hour)).toBeLessThanOrEqual(error_ms)
})
