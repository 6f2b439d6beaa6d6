import { parseDuration } from '../approval/duration.ts'

/**
 * A moment as people write it: `2026-11-22`, `2026-11-22T10:00:00Z`, or how long ago, as `90m` or `7d`. Dates without a zone are
 * of UTC. Null where it is none of these.
 */
function readMoment(text: string, now: Date): Date | null {
  const ago = parseDuration(text)
  if (ago !== null) return new Date(now.getTime() - ago)
  const [, day, time = 'T00:00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? []
  if (day === undefined) return null
  const at = new Date(`${day}${time}${zone}`)
  // The calendar's own check: JavaScript turns the 30th of February into a day of March.
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false
  return Number.isNaN(at.getTime()) || !isDay ? null : at
}

/** What was sealed from `since` on and before `until`; null for no bound. */
export type Span = { since: Date | null; until: Date | null }

/** @returns why not, in words, where they cannot be read */
export function readSpan(
  typed: { since: string | null; until: string | null },
  now: Date,
): Span | { refused: string } {
  const [since, until] = [typed.since, typed.until].map((text) =>
    text === null ? null : readMoment(text, now),
  )
  const wrong = typed.since !== null && !since ? 'since' : typed.until !== null && !until ? 'until' : null
  if (wrong !== null)
    return {
      refused: `${wrong} is a day (2026-11-22), a time (2026-11-22T10:00:00Z), or how long ago (90m, 7d)`,
    }
  if (since && until && since >= until) return { refused: 'since must come before until' }
  return { since: since ?? null, until: until ?? null }
}
