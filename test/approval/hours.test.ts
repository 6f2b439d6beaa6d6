import { describe, expect, test } from '@jest/globals'
import { assert, constantFrom, integer, property, record, subarray } from 'fast-check'
import { nextOpening, type Hours, type Weekday } from '../../src/approval/hours.ts'
import { openingByTheMinute } from './slow-hours.ts'

const workdays: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri']
const everyDay: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `Europe/Berlin mon-fri 09:00-18:00` */
function hours(timezone: string, days: Weekday[], from: string, to: string): Hours {
  return { timezone, days, from, to }
}

const office = hours('Europe/Berlin', workdays, '09:00', '18:00')
const night = hours('Europe/Berlin', ['fri'], '22:00', '06:00')

type Case = [what: string, hours: Hours, at: string, opens: string]

// In 2026 the clocks of Berlin change on 29 March and 25 October at 01:00 UTC, New York's on 8 March at 07:00 and on
// 1 November at 06:00 UTC (IANA tz database).
describe('the next opening of a role’s hours', () => {
  test.each<Case>([
    ['inside them is now', office, '2026-11-23T10:30:00.123Z', '2026-11-23T10:30:00.123Z'],
    ['at their first moment is now', office, '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['a millisecond before them', office, '2026-11-23T07:59:59.999Z', '2026-11-23T08:00:00.000Z'],
    ['in their last millisecond is now', office, '2026-11-23T16:59:59.999Z', '2026-11-23T16:59:59.999Z'],
    ['at their end is the next day’s', office, '2026-11-23T17:00:00.000Z', '2026-11-24T08:00:00.000Z'],
    ['before them is today’s', office, '2026-11-23T03:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['on Friday evening is on Monday', office, '2026-11-20T20:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['at the weekend is on Monday', office, '2026-11-22T11:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    [
      'just after the week’s only day',
      { ...office, days: ['mon'] },
      '2026-11-23T17:00:00.000Z',
      '2026-11-30T08:00:00.000Z',
    ],
  ])('%s', expectOpening)

  test.each<Case>([
    ['in the evening is now', night, '2026-11-20T22:00:00.000Z', '2026-11-20T22:00:00.000Z'],
    ['after midnight they still are Friday’s', night, '2026-11-21T04:59:59.999Z', '2026-11-21T04:59:59.999Z'],
    ['after they end in the morning', night, '2026-11-21T05:00:00.000Z', '2026-11-27T21:00:00.000Z'],
    [
      'in the night before, which is not theirs',
      night,
      '2026-11-20T01:00:00.000Z',
      '2026-11-20T21:00:00.000Z',
    ],
  ])('of hours past midnight: %s', expectOpening)

  test.each<Case>([
    [
      'last a day from then',
      hours('UTC', ['sat'], '08:00', '08:00'),
      '2026-11-22T07:59:59.999Z',
      '2026-11-22T07:59:59.999Z',
    ],
    [
      'end where they began',
      hours('UTC', ['sat'], '08:00', '08:00'),
      '2026-11-22T08:00:00.000Z',
      '2026-11-28T08:00:00.000Z',
    ],
    [
      'are always on all days',
      hours('UTC', everyDay, '00:00', '00:00'),
      '2026-11-22T23:59:59.999Z',
      '2026-11-22T23:59:59.999Z',
    ],
  ])('of hours whose ends are equal: they %s', expectOpening)

  test.each<Case>([
    [
      'it is tomorrow already in Auckland',
      hours('Pacific/Auckland', ['mon'], '09:00', '17:00'),
      '2026-11-22T21:00:00.000Z',
      '2026-11-22T21:00:00.000Z',
    ],
    [
      'it is yesterday still in Honolulu',
      hours('Pacific/Honolulu', ['sun'], '09:00', '17:00'),
      '2026-11-23T01:00:00.000Z',
      '2026-11-23T01:00:00.000Z',
    ],
    [
      'a zone of half an hour',
      hours('Asia/Kolkata', workdays, '09:30', '18:00'),
      '2026-11-23T03:59:00.000Z',
      '2026-11-23T04:00:00.000Z',
    ],
    [
      'a zone of three quarters',
      hours('Asia/Kathmandu', workdays, '09:00', '18:00'),
      '2026-11-23T00:00:00.000Z',
      '2026-11-23T03:15:00.000Z',
    ],
  ])('%s', expectOpening)

  const newYork = (from: string, to: string, days = everyDay) => hours('America/New_York', days, from, to)
  const berlin = (from: string, to: string, days = everyDay) => hours('Europe/Berlin', days, from, to)

  test.each<Case>([
    [
      'Berlin, the last morning of winter',
      berlin('09:00', '18:00'),
      '2026-03-28T00:00:00.000Z',
      '2026-03-28T08:00:00.000Z',
    ],
    [
      'Berlin, the first of summer',
      berlin('09:00', '18:00'),
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
    ],
    ['Berlin, from Friday over the change', office, '2026-03-27T18:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    [
      'Berlin, 02:30 is left out and becomes 03:30',
      berlin('02:30', '08:00'),
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'Berlin, hours that are left out whole are the next day’s',
      berlin('02:00', '02:45'),
      '2026-03-29T00:45:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'Berlin, hours from the gap to before its end by the clock',
      berlin('02:30', '03:15'),
      '2026-03-29T00:45:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ],
    [
      '… a week on where no other day is theirs',
      berlin('02:30', '03:15', ['sun']),
      '2026-03-23T00:00:00.000Z',
      '2026-04-05T00:30:00.000Z',
    ],
    [
      'Berlin, a night that loses an hour ends at its clock’s 06:00',
      berlin('22:00', '06:00', ['sat']),
      '2026-03-29T04:00:00.000Z',
      '2026-04-04T20:00:00.000Z',
    ],
    [
      'New York, the first morning of summer',
      newYork('09:00', '17:00'),
      '2026-03-08T06:00:00.000Z',
      '2026-03-08T13:00:00.000Z',
    ],
    [
      'New York, 02:30 is left out and becomes 03:30',
      newYork('02:30', '08:00'),
      '2026-03-08T06:00:00.000Z',
      '2026-03-08T07:30:00.000Z',
    ],
    [
      'Lord Howe, whose clocks leave out half an hour',
      hours('Australia/Lord_Howe', everyDay, '02:15', '08:00'),
      '2026-10-03T15:00:00.000Z',
      '2026-10-03T15:45:00.000Z',
    ],
  ])('when clocks are set forward: %s', expectOpening)

  test.each<Case>([
    [
      'Berlin, the first morning of winter',
      berlin('09:00', '18:00'),
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T08:00:00.000Z',
    ],
    [
      'Berlin, 02:30 comes twice and the first opens',
      berlin('02:30', '08:00'),
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'Berlin, opened at the first 02:30 they stay so',
      berlin('02:30', '08:00'),
      '2026-10-25T01:15:00.000Z',
      '2026-10-25T01:15:00.000Z',
    ],
    [
      'Berlin, the first 02:30 closes',
      berlin('22:00', '02:30'),
      '2026-10-25T01:15:00.000Z',
      '2026-10-25T21:00:00.000Z',
    ],
    [
      'Berlin, a night that gains an hour ends at its clock’s 06:00',
      berlin('22:00', '06:00'),
      '2026-10-25T04:59:59.999Z',
      '2026-10-25T04:59:59.999Z',
    ],
    [
      'New York, the first morning of winter',
      newYork('09:00', '17:00'),
      '2026-11-01T05:00:00.000Z',
      '2026-11-01T14:00:00.000Z',
    ],
    [
      'New York, 01:30 comes twice and the first opens',
      newYork('01:30', '08:00'),
      '2026-11-01T05:00:00.000Z',
      '2026-11-01T05:30:00.000Z',
    ],
    [
      'New York, Friday to Monday',
      newYork('09:00', '17:00', workdays),
      '2026-10-30T21:00:00.000Z',
      '2026-11-02T14:00:00.000Z',
    ],
  ])('when clocks are set back: %s', expectOpening)

  function expectOpening(_: string, given: Hours, at: string, opens: string) {
    expect(nextOpening(given, new Date(at)).toISOString()).toBe(opens)
  }
})

describe('whatever the hours', () => {
  const clock = record({ hour: integer({ min: 0, max: 23 }), minute: constantFrom(0, 15, 30, 59) }).map(
    ({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
  )
  const anyHours = record({
    timezone: constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
    days: subarray(everyDay, { minLength: 1 }),
    from: clock,
    to: clock,
  })
  const dayMs = 86_400_000
  const anyTime = integer({ min: 0, max: 365 * dayMs }).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms))

  test('the answer is not before the question, is open, and is its own answer', () => {
    assert(
      property(anyHours, anyTime, (given, at) => {
        const opens = nextOpening(given, at)
        expect(opens.getTime()).toBeGreaterThanOrEqual(at.getTime())
        expect(nextOpening(given, opens)).toEqual(opens)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['Europe/Berlin', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:00Z'],
    ['America/New_York', '2026-03-08T07:00Z'],
    ['America/New_York', '2026-11-01T06:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ])('in %s around %s the answer is what somebody finds who watches the clock', (timezone, change) => {
    const away = integer({ min: -3 * dayMs, max: dayMs })
    assert(
      property(anyHours, away, (some, ms) => {
        const [given, at] = [{ ...some, timezone }, new Date(Date.parse(change) + ms)]
        const opens = nextOpening(given, at)
        expect(opens).toEqual(openingByTheMinute(given, at))
        expect(nextOpening(given, opens)).toEqual(opens)
      }),
      { numRuns: 150 },
    )
  })
})
