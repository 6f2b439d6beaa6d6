import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { skippedAfter } from '../../src/audit/log/skipped.ts'
import type { Found, Skipped } from '../../src/store/log.ts'

const start = new Date('2026-03-02T10:00:00.000Z')
const second = (seconds: number) => new Date(start.getTime() + seconds * 1_000)
const found = (ids: number[], oldest: number, next: number): Found => ({
  events: ids.map((id) => ({ id, approval_id: null, seq: 1, hash: Buffer.alloc(32) })),
  oldest: BigInt(oldest),
  next: BigInt(next),
})

test('an id that is missing is remembered until its transaction must be over, and a minute has gone by', () => {
  const first = skippedAfter([], 0, found([1, 2, 5], 100, 110), start)
  expect(first).toEqual([{ from: 3, to: 4, horizon: '110', since: start.toISOString() }])
  // A transaction of then is still open.
  const second_look = skippedAfter(first, 5, found([4, 6], 109, 120), second(90))
  expect(second_look).toEqual([{ from: 3, to: 3, horizon: '110', since: start.toISOString() }])
  // None is any more.
  expect(skippedAfter(second_look, 6, found([], 110, 130), second(91))).toEqual([])
  // But it was missed just now.
  expect(skippedAfter(second_look, 6, found([], 110, 130), second(59))).toEqual(second_look)
})

test('nothing is remembered where nothing is missing', () => {
  expect(skippedAfter([], 7, found([8, 9, 10], 5, 5), start)).toEqual([])
  expect(skippedAfter([], 7, found([], 5, 5), start)).toEqual([])
})

type Writer = { begins: number; takes: number; ends: number; commits: boolean }

test('whatever transactions do, each committed event is found exactly once', () => {
  const writer = fc
    .tuple(fc.nat(200), fc.nat(10), fc.nat(100), fc.boolean())
    .map(([begins, after, lasts, commits]): Writer => ({
      begins,
      takes: begins + after,
      ends: begins + after + lasts,
      commits,
    }))
  fc.assert(
    fc.property(
      fc.array(writer, { maxLength: 40 }),
      fc.array(fc.nat(400), { maxLength: 30 }),
      (writers, looks) => {
        const xids = numbered(writers, 'begins')
        const ids = numbered(writers, 'takes')
        const sealed: number[] = []
        let skipped: Skipped[] = []
        let event_id = 0
        // Each look sees what was committed by then, and which transactions were open. The last comes after all is over.
        for (const at of [...looks.toSorted((a, b) => a - b), 10_000, 20_000]) {
          const open = writers.filter(({ begins, ends }) => begins <= at && at < ends)
          const next = writers.filter(({ begins }) => begins <= at).length + 1
          const oldest = Math.min(next, ...open.map((one) => xids.get(one)!))
          const visible = writers
            .filter(({ ends, commits }) => commits && ends <= at)
            .map((one) => ids.get(one)!)
            .filter((id) => id > event_id || skipped.some(({ from, to }) => from <= id && id <= to))
            .toSorted((a, b) => a - b)
          const seen = found(visible, oldest, next)
          // Time goes faster than any pause: what is forgotten must rest on the transactions alone.
          skipped = skippedAfter(skipped, event_id, seen, second(at * 100))
          event_id = Math.max(event_id, visible.at(-1) ?? 0)
          sealed.push(...visible)
        }
        const committed = writers.filter(({ commits }) => commits).map((one) => ids.get(one)!)
        expect(sealed.toSorted((a, b) => a - b)).toEqual(committed.toSorted((a, b) => a - b))
        expect(skipped).toEqual([])
      },
    ),
    { numRuns: 2_000 },
  )
})

/** Numbers are given out in the order of this time. */
function numbered(writers: Writer[], by: 'begins' | 'takes'): Map<Writer, number> {
  const inOrder = writers.toSorted((a, b) => a[by] - b[by])
  return new Map(inOrder.map((one, nth) => [one, nth + 1]))
}
