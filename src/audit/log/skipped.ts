import type { Found, Skipped } from '../../store/log.ts'

// Ids are given out in their order, but become visible when their transactions are committed. An id that is missing while a later
// one is there belongs to a transaction that is still open, or to one that never came to an end. So it is remembered, and looked
// for again, until every transaction that was open when it was first missed is over.

/** An id is given out right after its transaction got its number. Nobody stops for so long in between. */
const longestPauseMs = 60_000

/**
 * What is to be looked for again after a look.
 *
 * @param event_id up to where ids had been looked at before
 */
export function skippedAfter(
  before: readonly Skipped[],
  event_id: number,
  { events, oldest, next }: Found,
  now: Date,
): Skipped[] {
  const ids = events.map(({ id }) => id)
  const last = ids.at(-1) ?? event_id
  const remembered = before.filter(
    ({ horizon, since }) =>
      BigInt(horizon) > oldest || now.getTime() - new Date(since).getTime() < longestPauseMs,
  )
  const fresh = { from: event_id + 1, to: last, horizon: String(next), since: now.toISOString() }
  return [...remembered, ...(last > event_id ? [fresh] : [])].flatMap((range) => without(range, ids))
}

/** What is left of a range without these ids, which are in their order. */
function without(range: Skipped, ids: readonly number[]): Skipped[] {
  const left: Skipped[] = []
  let from = range.from
  for (const id of ids) {
    if (id < from) continue
    if (id > range.to) break
    if (id > from) left.push({ ...range, from, to: id - 1 })
    from = id + 1
  }
  return from <= range.to ? [...left, { ...range, from }] : left
}
