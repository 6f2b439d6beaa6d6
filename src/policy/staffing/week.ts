import { clockAhead, type Hours } from '../../approval/hours.ts'

/** The minutes of a week, which begins on Monday at 00:00 UTC. */
export const week = 7 * 1_440

/** From a minute of the week on, up to another one that may lie in the next: `from` < `to` ≤ `from` + a week. */
export type Span = { from: number; to: number }

const days: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** When hours are open in a week, with the clocks as they stand at `now`. */
export function spansOf({ timezone, days: open, from, to }: Hours, now: Date): Span[] {
  const ahead = minutesAhead(timezone, now)
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const lasts = (end > begin ? end : end + 1_440) - begin
  return days.flatMap((day, i) => {
    if (!open.includes(day)) return []
    const start = wrapped(i * 1_440 + begin - ahead)
    return [{ from: start, to: start + lasts }]
  })
}

export function isWithin(spans: readonly Span[], minute: number): boolean {
  return spans.some(({ from, to }) => wrapped(minute - from) < to - from)
}

/** Whether some of the time from a minute of the week on, for `lasts` minutes, is within the spans. */
export function touches(spans: readonly Span[], minute: number, lasts: number): boolean {
  if (lasts <= 0) return false
  return isWithin(spans, minute) || spans.some(({ from }) => wrapped(from - minute) < lasts)
}

/** The moments of the week at which something begins or ends, in order. */
export function edgesOf(spans: readonly Span[]): number[] {
  const edges = spans.flatMap(({ from, to }) => [from, wrapped(to)])
  return [...new Set(edges)].sort((a, b) => a - b)
}

/** Spans in the order of the week, those that meet joined; the whole week is one from 0. */
export function joined(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  const whole: Span[] = []
  for (const span of sorted) {
    const last = whole.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else whole.push({ ...span })
  }
  const [first, last] = [whole[0], whole.at(-1)]
  // Sunday's end is Monday's beginning.
  if (first && last && first !== last && last.to >= first.from + week) {
    whole.shift()
    last.to = Math.max(last.to, first.to + week)
  }
  return whole
}

/** `Sat 18:00`, as a zone's clocks show a minute of the week. */
export function wallTime(minute: number, timezone: string, now: Date): string {
  const local = wrapped(minute + minutesAhead(timezone, now))
  const day = days[Math.floor(local / 1_440)] ?? 'mon'
  const two = (part: number) => String(part).padStart(2, '0')
  return `${day[0]?.toUpperCase()}${day.slice(1)} ${two(Math.floor(local / 60) % 24)}:${two(local % 60)}`
}

function minutesAhead(timezone: string, now: Date): number {
  return Math.round(clockAhead(timezone, now) / 60_000)
}

function minutesOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}

function wrapped(minute: number): number {
  return ((minute % week) + week) % week
}
