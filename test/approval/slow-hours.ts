import type { Hours } from '../../src/approval/hours.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const weekMs = 7 * dayMs
const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/**
 * When hours are open next, found by looking at the zone's clock each minute of some weeks: slow, and without any
 * arithmetic on time zones. A time of day begins when the clock first shows it; where it never does (clocks set
 * forward), as long after the last minute shown as it is by the clock.
 */
export function openingByTheMinute(hours: Hours, at: Date): Date {
  const week = Math.floor(at.getTime() / weekMs) * weekMs
  const { firstShown, dates } = watch(hours.timezone, week - 3 * dayMs)
  const moment = (date: string, time: string): number => {
    let [back, shown] = [0, firstShown.get(`${date} ${time}`)]
    while (shown === undefined) {
      back += 1
      if (back > 120) throw new Error(`${date} ${time} is nowhere near the clock`)
      shown = firstShown.get(`${date} ${earlier(time, back)}`)
    }
    return shown + back * minuteMs
  }
  for (const [i, date] of dates.entries()) {
    const closing = hours.to > hours.from ? date : dates[i + 1]
    // The first and the last date may be seen only in part.
    if (i === 0 || closing === undefined || i > dates.length - 3) continue
    if (!(hours.days as string[]).includes(names[new Date(date).getUTCDay()] ?? '')) continue
    const [opens, closes] = [moment(date, hours.from), moment(closing, hours.to)]
    if (opens < closes && at.getTime() < closes) return new Date(Math.max(opens, at.getTime()))
  }
  throw new Error('never open')
}

type Watched = { firstShown: Map<string, number>; dates: string[] }
const watched = new Map<string, Watched>()

function watch(timezone: string, from: number): Watched {
  const key = `${timezone} ${from}`
  const known = watched.get(key)
  if (known) return known
  // Swedes write 2026-03-29 02:30.
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  const firstShown = new Map<string, number>()
  for (let at = from; at < from + 4 * weekMs; at += minuteMs) {
    const shows = clock.format(at)
    if (!firstShown.has(shows)) firstShown.set(shows, at)
  }
  const dates = [...new Set([...firstShown.keys()].map((shows) => shows.slice(0, 10)))]
  watched.set(key, { firstShown, dates })
  return { firstShown, dates }
}

function earlier(time: string, minutes: number): string {
  return new Date(Date.parse(`2000-01-02T${time}:00Z`) - minutes * minuteMs).toISOString().slice(11, 16)
}
