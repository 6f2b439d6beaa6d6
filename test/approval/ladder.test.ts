import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Hours } from '../../src/approval/hours.ts'
import { nextRung } from '../../src/approval/ladder.ts'
import type { Rung } from '../../src/approval/plan.ts'
import {
  after,
  approve,
  bob,
  cancel,
  carol,
  deadline,
  dora,
  escalateAt,
  factTypes,
  finance,
  mentionAt,
  minute,
  opened,
  opening,
  platform,
  remindAt,
  requireAt,
  rungTimer,
  timerOf,
  warningTimer,
} from './given.ts'

const actor = { type: 'timeout' }

/** The approval once each of these timers fired on time. */
function climbed(given: Approval, ...timers: [Input, number][]): Approval {
  return timers.reduce((before, [timer, at]) => {
    const { next, reply } = decide(before, timer, minute(at))
    if (!reply.counted) throw new Error(`a timer at ${at} was not due`)
    return next
  }, given)
}

describe('a rung whose time has come', () => {
  test.each<[string, Rung, object, object]>([
    [
      'reminds those who are awaited',
      remindAt(10),
      { type: 'step.reminded', data: { roles: ['finance'] } },
      {},
    ],
    ['mentions them', mentionAt(10), { type: 'step.mentioned', data: { roles: ['finance'] } }, {}],
    [
      'adds a role',
      escalateAt(10, 'platform'),
      { type: 'step.escalated', data: { to: 'platform' } },
      { escalated_to: ['platform'] },
    ],
    [
      'asks for more approvals',
      requireAt(10, 2),
      { type: 'step.required', data: { approvals: 2 } },
      { approvals: 2 },
    ],
    [
      'never asks for fewer',
      requireAt(10, 1),
      { type: 'step.required', data: { approvals: 1 } },
      { approvals: 1 },
    ],
    [
      'adds no role twice, but says so all the same',
      escalateAt(10, 'finance'),
      { type: 'step.escalated', data: { to: 'finance' } },
      { escalated_to: [] },
    ],
  ])('%s', (_, rung, fact, stage) => {
    const given = opened({ escalation: [rung] })

    const outcome = decide(given, rungTimer(0), minute(10))

    expect(outcome.reply).toEqual({ counted: true })
    expect(outcome.facts).toMatchObject([{ ...fact, actor }])
    expect(outcome.facts[0]?.data).toMatchObject({ stage: 0, level: 1, lateness_ms: 0 })
    expect(outcome.next.stages).toEqual([{ ...given.stages[0], ...stage }])
    expect(outcome.next.escalation).toEqual({
      level: 1,
      next_at: null,
      warned: 0,
      extended: false,
      thawed_ms: 0,
    })
    expect(outcome.effects).toEqual([
      { do: 'show_cards' },
      { do: 'set_timer', step: { at: 'warning', percent: 50 }, at: minute(15) },
    ])
  })

  test('keeps the card that it was shown on valid, and the votes cast on it', () => {
    const given = after(
      opened({ stages: [finance(2)], escalation: [escalateAt(10, 'platform')] }),
      approve(bob),
    )

    const { next } = decide(given, rungTimer(0), minute(10))

    expect(next.revision).toBe(given.revision)
    expect(decide(next, approve(dora), minute(11)).next.status).toBe('approved')
    expect(decide(next, approve(carol), minute(11)).next.status).toBe('approved')
  })

  test('lets nobody of the other role vote before', () => {
    const given = opened({ escalation: [escalateAt(10, 'platform')] })

    const reply = decide(given, approve(carol), minute(9)).reply

    expect(reply).toEqual({ counted: false, because: 'not_in_role' })
  })

  test('that asks for more lets the votes so far count towards it', () => {
    const given = opened({ stages: [finance(2)], escalation: [requireAt(10, 3), escalateAt(11, 'platform')] })
    const one = after(given, approve(bob))
    const raised = climbed(one, [rungTimer(0), 10], [rungTimer(1), 11])

    const two = decide(raised, approve(dora), minute(12)).next
    const three = decide(two, approve(carol), minute(13)).next

    expect([two.status, three.status]).toEqual(['pending', 'approved'])
  })

  test('reminds those of the roles that it was escalated to as well', () => {
    const given = opened({ escalation: [escalateAt(5, 'platform'), remindAt(10)] })

    const { facts } = decide(climbed(given, [rungTimer(0), 5]), rungTimer(1), minute(10))

    expect(facts[0]?.data).toMatchObject({ roles: ['finance', 'platform'], level: 2 })
  })

  test.each([
    ['on time', 10, 0],
    ['late', 14, 4 * 60_000],
  ])('%s says how late it is', (_, at, lateness_ms) => {
    const { facts } = decide(opened({ escalation: [remindAt(10)] }), rungTimer(0), minute(at))

    expect(facts[0]?.data).toMatchObject({ lateness_ms })
  })

  test('late makes the one after it no later: its timer is for its own time, be that over', () => {
    const given = opened({ escalation: [remindAt(2), remindAt(4), remindAt(6)] })

    const late = decide(given, rungTimer(0), minute(5))
    const next = decide(late.next, rungTimer(1), minute(5))

    expect(timerOf(late)).toEqual({ step: { at: 'rung', stage: 0, level: 1 }, at: minute(4) })
    expect(next.facts[0]?.data).toMatchObject({ level: 2, lateness_ms: 60_000 })
    expect(timerOf(next)).toEqual({ step: { at: 'rung', stage: 0, level: 2 }, at: minute(6) })
  })
})

describe('the rungs of a ladder', () => {
  test('are taken one after the other, each setting the timer for what comes next', () => {
    const given = opened({
      escalation: [remindAt(5), escalateAt(10, 'platform'), mentionAt(20), remindAt(28)],
    })
    const steps: [Input, number][] = [
      [rungTimer(0), 5],
      [rungTimer(1), 10],
      [warningTimer(50), 15],
      [rungTimer(2), 20],
      [warningTimer(90), 27],
      [rungTimer(3), 28],
    ]

    const told: string[] = []
    let now = given
    for (const [timer, at] of steps) {
      const outcome = decide(now, timer, minute(at))
      const follows = timerOf(outcome)
      told.push(
        `${factTypes(outcome).join()} then ${JSON.stringify(follows?.step)} ${follows?.at.toISOString().slice(14, 16)}`,
      )
      now = outcome.next
    }

    expect(told).toEqual([
      'step.reminded then {"at":"rung","stage":0,"level":1} 10',
      'step.escalated then {"at":"warning","percent":50} 15',
      'step.warned then {"at":"rung","stage":0,"level":2} 20',
      'step.mentioned then {"at":"warning","percent":90} 27',
      'step.warned then {"at":"rung","stage":0,"level":3} 28',
      'step.reminded then {"at":"expiry"} 30',
    ])
    expect(now.escalation).toEqual({ level: 4, next_at: null, warned: 90, extended: false, thawed_ms: 0 })
  })

  test('beyond the end are not waited for', () => {
    const given = opened({ escalation: [remindAt(10), escalateAt(30, 'platform')] })

    expect(nextRung(given)).toEqual({ rung: remindAt(10), at: minute(10) })
    expect(decide(given, rungTimer(0), minute(10)).next.escalation.next_at).toBeNull()
  })

  test('beyond the end that the agent shortened are not waited for either', () => {
    const { next } = opening({ escalation: [remindAt(10)] }, { expires_in_ms: 9 * 60_000 })

    expect(next.escalation.next_at).toBeNull()
    expect(nextRung(next)).toBeNull()
  })

  test('begin anew with each stage, counted from its opening', () => {
    const given = opened({
      stages: [finance(), platform()],
      escalation: [remindAt(5), escalateAt(10, 'finance')],
    })
    const reminded = climbed(given, [rungTimer(0), 5])

    const outcome = decide(reminded, approve(bob), minute(7))

    expect(outcome.next.escalation).toMatchObject({ level: 0, next_at: minute(12) })
    expect(timerOf(outcome)).toEqual({ step: { at: 'rung', stage: 1, level: 0 }, at: minute(12) })
    expect(
      climbed(outcome.next, [rungTimer(0, 1), 12], [warningTimer(50), 15], [rungTimer(1, 1), 17]).stages,
    ).toMatchObject([{ escalated_to: [] }, { escalated_to: ['finance'] }])
  })

  test('of a stage that opens too late for them are not waited for', () => {
    const given = opened({ stages: [finance(), platform()], escalation: [remindAt(5)] })

    expect(decide(given, approve(bob), minute(26)).next.escalation).toMatchObject({ level: 0, next_at: null })
  })
})

describe('a timer that no longer means anything', () => {
  const plan = { stages: [finance(), platform()], escalation: [remindAt(5), remindAt(10)] }
  const atSecond = after(opened(plan), approve(bob))

  test.each<[string, Approval, Input, Date]>([
    ['a millisecond early', opened(plan), rungTimer(0), new Date(minute(5).getTime() - 1)],
    ['of a rung that was taken', climbed(opened(plan), [rungTimer(0), 5]), rungTimer(0), minute(11)],
    ['of a rung that is not next', opened(plan), rungTimer(1), minute(11)],
    ['of a rung that does not exist', opened(plan), rungTimer(7), minute(11)],
    ['of the stage before', atSecond, rungTimer(0, 0), minute(11)],
    ['of a stage not open yet', opened(plan), rungTimer(0, 1), minute(11)],
    ['of an approval that has ended', after(opened(plan), cancel), rungTimer(0), minute(11)],
    ['of a ladder that is not there', opened(), rungTimer(0), minute(11)],
    ['of a warning not due', opened(plan), warningTimer(50), minute(14)],
    ['of a warning that is not next', opened(plan), warningTimer(90), minute(28)],
    ['of a warning that was given', climbed(opened(), [warningTimer(50), 15]), warningTimer(50), minute(16)],
    ['of a share that nobody is warned at', opened(plan), warningTimer(75), minute(28)],
  ])('%s changes nothing', (_, given, timer, now) => {
    const { next, facts, effects, reply } = decide(given, timer, now)

    expect(next).toBe(given)
    expect([facts, effects]).toEqual([[], []])
    expect(reply).toEqual({ counted: false, because: 'not_due' })
  })

  test('because the time is up lets it end instead', () => {
    const outcome = decide(opened(plan), rungTimer(0), deadline)

    expect(outcome.next.status).toBe('expired')
    expect(factTypes(outcome)).toEqual(['approval.expired'])
  })
})

// The tests begin at 09:00 on a Monday, UTC.
describe('a rung of a role with hours', () => {
  const hours = (from: string, to: string): Hours => ({ timezone: 'UTC', days: ['mon'], from, to })

  test.each<[string, Record<string, Hours>, Rung, Date | null]>([
    ['is not kept waiting in them', { finance: hours('08:00', '10:00') }, remindAt(5), minute(5)],
    ['waits for them', { finance: hours('09:12', '10:00') }, remindAt(5), minute(12)],
    ['waits in vain where they come after the end', { finance: hours('09:30', '10:00') }, remindAt(5), null],
    [
      'waits for the stage’s role where it mentions',
      { finance: hours('09:12', '10:00') },
      mentionAt(5),
      minute(12),
    ],
    [
      'waits for the stage’s role where it asks for more',
      { finance: hours('09:12', '10:00') },
      requireAt(5, 2),
      minute(12),
    ],
    [
      'waits for the role that it adds',
      { platform: hours('09:20', '10:00') },
      escalateAt(5, 'platform'),
      minute(20),
    ],
    ['does not wait for others’', { finance: hours('09:12', '10:00') }, escalateAt(5, 'platform'), minute(5)],
    ['does not take a name for what every object has', {}, escalateAt(5, 'constructor'), minute(5)],
  ])('%s', (_, roles, rung, next_at) => {
    expect(opened({ escalation: [rung], hours: roles }).escalation.next_at).toEqual(next_at)
  })

  test('is late only from when they open', () => {
    const given = opened({ escalation: [remindAt(5)], hours: { finance: hours('09:12', '10:00') } })

    expect(decide(given, rungTimer(0), minute(11)).reply.counted).toBe(false)
    expect(decide(given, rungTimer(0), minute(13)).facts[0]?.data).toMatchObject({ lateness_ms: 60_000 })
  })

  test('keeps none waiting that comes before it by the clock', () => {
    const given = opened({
      escalation: [escalateAt(5, 'platform'), escalateAt(10, 'oncall'), remindAt(12)],
      hours: { platform: hours('09:11', '10:00') },
    })

    const last = climbed(given, [rungTimer(0), 10], [rungTimer(1), 11], [rungTimer(2), 12])

    expect(last.stages[0]?.escalated_to).toEqual(['oncall', 'platform'])
  })

  test('keeps none waiting where it itself would come after the end', () => {
    const given = opened({
      escalation: [escalateAt(5, 'platform'), escalateAt(10, 'oncall')],
      hours: { platform: { ...hours('09:00', '17:00'), days: ['sun'] } },
    })

    expect(nextRung(given)).toEqual({ rung: escalateAt(10, 'oncall'), at: minute(10) })
    expect(climbed(given, [rungTimer(0), 10]).escalation).toMatchObject({ level: 1, next_at: null })
  })

  test('is one reminder, however many fell into the night', () => {
    const given = opened({
      escalation: [remindAt(1), remindAt(2), remindAt(3), remindAt(14), remindAt(16)],
      hours: { finance: hours('09:12', '10:00') },
    })

    const morning = decide(given, rungTimer(0), minute(12))

    expect(factTypes(morning)).toEqual(['step.reminded'])
    expect(timerOf(morning)).toEqual({ step: { at: 'rung', stage: 0, level: 1 }, at: minute(14) })
  })

  test('waits across the night in which clocks change', () => {
    // 20:00 on the Friday before, in Berlin; the Monday after begins an hour earlier by UTC.
    const friday = new Date('2026-03-27T19:00:00Z')
    const office: Hours = {
      timezone: 'Europe/Berlin',
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      from: '09:00',
      to: '18:00',
    }
    const given = opened({
      stages: [platform(), finance()],
      expires_in_ms: 90 * 86_400_000,
      escalation: [remindAt(10)],
      hours: { finance: office },
    })

    const { next } = decide(given, approve(carol), friday)

    expect(next.stages[1]?.opened_at).toEqual(friday)
    expect(next.escalation.next_at).toEqual(new Date('2026-03-30T07:00:00Z'))
  })
})

test('a ladder is not climbed where the policy decides', () => {
  const { next, effects } = opening({ effect: 'allow', stages: [], escalation: [remindAt(5)] })

  expect(next.escalation).toEqual({ level: 0, next_at: null, warned: 0, extended: false, thawed_ms: 0 })
  expect(effects).toEqual([])
})
