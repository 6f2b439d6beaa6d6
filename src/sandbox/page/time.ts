/** The reader's clock, for "today" and "3 minutes ago" only: nothing is decided by it. */
const now = () => new Date()

export function tsToDate(ts: string): Date {
  return new Date(Number(ts) * 1000)
}

/** `10:42 AM` in the given IANA zone. */
export function clockTime(at: Date, tz: string): string {
  return format(at, tz, { hour: 'numeric', minute: '2-digit' })
}

/** `Wednesday, November 18th, 2026 at 10:42:07 AM`, for tooltips. */
export function fullTime(at: Date, tz: string): string {
  return fillDate('{date_long} at {time_secs}', at, tz)
}

/** `Today`, `Yesterday`, or `Wednesday, November 18th`: the line between two days. */
export function dayName(at: Date, tz: string): string {
  return capital(fillDate('{day_divider_pretty}', at, tz))
}

/** The calendar day in the given zone, `2026-11-22`. */
export function day(at: Date, tz: string): string {
  return format(at, tz, { year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA')
}

/**
 * Fills Slack's date tokens, in the reader's zone.
 * Tokens: https://docs.slack.dev/reference/block-kit/block-elements/date-element and the page on message formatting.
 */
export function fillDate(template: string, at: Date, tz: string): string {
  if (Number.isNaN(at.getTime())) return ''
  return template.replace(/\{([a-z_]+)\}/g, (token, name: string, offset: number) => {
    const text = dateToken(name, at, tz)
    if (text === undefined) return token
    return offset === 0 ? capital(text) : text
  })
}

function dateToken(name: string, at: Date, tz: string): string | undefined {
  const ordinal = ordinalDay(Number(format(at, tz, { day: 'numeric' })))
  const month = format(at, tz, { month: 'long' })
  const year = format(at, tz, { year: 'numeric' })
  const weekday = format(at, tz, { weekday: 'long' })
  const short = format(at, tz, { month: 'short', day: 'numeric', year: 'numeric' })
  const thisYear = year === format(now(), tz, { year: 'numeric' })
  const long = `${weekday}, ${month} ${ordinal}, ${year}`
  switch (name) {
    case 'date_num':
      return day(at, tz)
    case 'date_slash':
      return format(at, tz, { year: 'numeric', month: '2-digit', day: '2-digit' })
    case 'date':
      return thisYear ? `${month} ${ordinal}` : `${month} ${ordinal}, ${year}`
    case 'date_pretty':
      return relativeDay(at, tz) ?? `${month} ${ordinal}, ${year}`
    case 'date_short':
      return short
    case 'date_short_pretty':
      return relativeDay(at, tz) ?? short
    case 'date_long':
      return long
    case 'date_long_full':
      return `${month} ${ordinal}, ${year}`
    case 'date_long_pretty':
      return relativeDay(at, tz) ?? long
    case 'day_divider_pretty':
      return relativeDay(at, tz) ?? (thisYear ? `${weekday}, ${month} ${ordinal}` : long)
    case 'time':
      return clockTime(at, tz)
    case 'time_secs':
      return format(at, tz, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
    case 'ago':
      return ago(at)
    default:
      return undefined
  }
}

function relativeDay(at: Date, tz: string): string | undefined {
  const distance = (Date.parse(day(at, tz)) - Date.parse(day(now(), tz))) / 86_400_000
  return new Map([
    [-1, 'yesterday'],
    [0, 'today'],
    [1, 'tomorrow'],
  ]).get(distance)
}

function ago(at: Date): string {
  const seconds = (at.getTime() - now().getTime()) / 1000
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
  const size = Math.abs(seconds)
  if (size < 60) return words.format(Math.trunc(seconds), 'second')
  if (size < 3600) return words.format(Math.trunc(seconds / 60), 'minute')
  if (size < 86_400) return words.format(Math.trunc(seconds / 3600), 'hour')
  return words.format(Math.trunc(seconds / 86_400), 'day')
}

/** Seconds since 1970 of a wall clock reading `2026-11-22T18:30` in the given zone, or null where it is not one. */
export function wallClockToSeconds(local: string, tz: string): number | null {
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return null
  // Twice, because the first guess may fall on the other side of a clock change.
  let guess = asUtc
  for (let round = 0; round < 2; round += 1) {
    guess += asUtc - Date.parse(`${secondsToWallClock(guess / 1000, tz)}Z`)
  }
  return Math.floor(guess / 1000)
}

export function secondsToWallClock(seconds: number, tz: string): string {
  const at = new Date(seconds * 1000)
  const time = format(at, tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'en-GB')
  return `${day(at, tz)}T${time}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(at: Date, tz: string, options: Intl.DateTimeFormatOptions, locale = 'en-US'): string {
  const key = `${locale} ${tz} ${JSON.stringify(options)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: tz || 'UTC' })
  formats.set(key, known)
  return known.format(at)
}

function ordinalDay(number: number): string {
  const teens = number >= 11 && number <= 13
  return `${number}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
