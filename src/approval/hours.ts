/** When a role can be asked, in its own time zone. */
export type Hours = {
  /** IANA name, as `Intl` knows it. */
  timezone: string
  /** The days on which the hours begin. */
  days: Weekday[]
  /** `HH:MM`. Where `to` is not later than `from` the hours go past midnight; where both are equal they last a day. */
  from: string
  to: string
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

const weekdays: Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const dayMs = 86_400_000
const minuteMs = 60_000

/** `at` itself where the hours are open then, else when they open next. */
export function nextOpening(hours: Hours, at: Date): Date {
  const today = startOfLocalDay(at, hours.timezone)
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)]
  // Yesterday's hours may reach into today; in two weeks each weekday has come, also where clocks set forward took one's.
  for (let day = -1; day <= 15; day++) {
    const date = today + day * dayMs
    const weekday = weekdays[new Date(date).getUTCDay()]
    if (weekday === undefined || !hours.days.includes(weekday)) continue
    const closes = instantOf(date + (to > from ? to : to + 1_440) * minuteMs, hours.timezone)
    if (at >= closes) continue
    const opens = instantOf(date + from * minuteMs, hours.timezone)
    // Hours of which clocks set forward leave nothing are none on that day.
    if (opens < closes) return at < opens ? opens : at
  }
  return at
}

function minutesOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}

/** By how much a zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function clockAhead(timezone: string, at: Date): number {
  return wallClock(at, timezone) - Math.floor(at.getTime() / 1_000) * 1_000
}

/** A moment's wall-clock time in a zone, written as if it were UTC, in milliseconds. */
function wallClock(at: Date, timezone: string): number {
  const parts = Object.fromEntries(
    formatterOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function startOfLocalDay(at: Date, timezone: string): number {
  return Math.floor(wallClock(at, timezone) / dayMs) * dayMs
}

/**
 * The moment at which a zone's clocks show `wall`. Of two such moments (clocks set back) the first; where there is
 * none (clocks set forward) the moment of the change moved on by as much as is missing.
 */
function instantOf(wall: number, timezone: string): Date {
  const [before = wall, after = wall] = [-dayMs, dayMs].map((away) => {
    const near = new Date(wall + away)
    return wall - clockAhead(timezone, near)
  })
  if (before === after) return new Date(before)
  const exact = [before, after].filter((candidate) => wallClock(new Date(candidate), timezone) === wall)
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(before, after))
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timezone, made)
  return made
}
