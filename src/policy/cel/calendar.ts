import { celMethod, CelScalar, objectType, type CelFunc } from '@bufbuild/cel'
import { timestampDate, TimestampSchema } from '@bufbuild/protobuf/wkt'

/** Moves a moment so that its UTC fields read as the wall clock's of the zone. */
export type Zone = (moment: Date) => Date

const fields: Record<string, (wall: Date) => number> = {
  getFullYear: (wall) => wall.getUTCFullYear(),
  getMonth: (wall) => wall.getUTCMonth(),
  getDate: (wall) => wall.getUTCDate(),
  getDayOfMonth: (wall) => wall.getUTCDate() - 1,
  getDayOfWeek: (wall) => wall.getUTCDay(),
  getDayOfYear: (wall) => Math.floor((wall.getTime() - startOfYear(wall)) / 86_400_000),
  getHours: (wall) => wall.getUTCHours(),
  getMinutes: (wall) => wall.getUTCMinutes(),
  getSeconds: (wall) => wall.getUTCSeconds(),
  getMilliseconds: (wall) => wall.getUTCMilliseconds(),
}

/** The names of the functions that take a time zone. */
export const zoned = new Set(Object.keys(fields))

/**
 * CEL's calendar functions. The library's own build a local date of the machine, so that on one whose time zone has
 * summer time an hour is missed each spring and `getDayOfYear` is a day behind at midnight all summer.
 */
export function calendarFunctions(zone: (name: string) => Zone): CelFunc[] {
  const timestamp = objectType(TimestampSchema)
  return Object.entries(fields).flatMap(([name, read]) => [
    celMethod(name, timestamp, [], CelScalar.INT, function () {
      return BigInt(read(timestampDate(this.message)))
    }),
    celMethod(name, timestamp, [CelScalar.STRING], CelScalar.INT, function (text) {
      return BigInt(read(zone(text)(timestampDate(this.message))))
    }),
  ])
}

/** `Europe/Berlin`, `UTC`, `+02:00`, `-08:00` or `02:00` → the zone, null where it is none. */
export function zoneNamed(name: string): Zone | null {
  const [, sign, hours, minutes] = /^([+-]?)([0-9]{2}):([0-9]{2})$/.exec(name) ?? []
  if (hours !== undefined && minutes !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
    return (moment) => new Date(moment.getTime() + offset)
  }
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    return (moment) => wallClock(format, moment)
  } catch {
    return null
  }
}

function wallClock(format: Intl.DateTimeFormat, moment: Date): Date {
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const wall = new Date(0)
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  wall.setUTCFullYear(part('year'), part('month') - 1, part('day'))
  wall.setUTCHours(part('hour'), part('minute'), part('second'), moment.getUTCMilliseconds())
  return wall
}

function startOfYear(wall: Date): number {
  const start = new Date(0)
  start.setUTCFullYear(wall.getUTCFullYear(), 0, 1)
  return start.getTime()
}
