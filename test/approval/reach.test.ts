import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import {
  after,
  approve,
  bob,
  cancel,
  carol,
  deadline,
  erin,
  escalateAt,
  factTypes,
  finance,
  found,
  mentionAt,
  minute,
  opened,
  platform,
  remindAt,
  requireAt,
  rungTimer,
  timerOf,
} from './given.ts'

const nobody = 'finance has no members'
const ladder = [remindAt(5), mentionAt(8), escalateAt(10, 'platform'), remindAt(12), escalateAt(20, 'oncall')]
const now = minute(1)

describe('a role that has nobody who can vote', () => {
  test('makes its stage unreachable, in words, and has everybody told', () => {
    const { next, facts, effects, reply } = decide(opened(), found('finance', nobody), now)

    expect(reply).toEqual({ counted: true })
    expect(next).toMatchObject({
      status: 'pending',
      unreachable: nobody,
      stages: [{ problems: { finance: nobody } }],
    })
    expect(facts).toEqual([
      { type: 'stage.unreachable', actor: { type: 'countersign' }, data: { stage: 0, why: nobody } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('has the ladder move on at once to the next role, past what only reminds', () => {
    const outcome = decide(opened({ escalation: ladder }), found('finance', nobody), now)

    expect(factTypes(outcome)).toEqual(['stage.unreachable', 'step.escalated'])
    expect(outcome.facts[1]).toMatchObject({
      actor: { type: 'timeout' },
      data: { stage: 0, to: 'platform', level: 3, lateness_ms: -9 * 60_000 },
    })
    expect(outcome.next).toMatchObject({
      unreachable: null,
      stages: [{ escalated_to: ['platform'], problems: { finance: nobody } }],
      escalation: { level: 3, next_at: minute(12) },
    })
    expect(timerOf(outcome)).toEqual({ step: { at: 'rung', stage: 0, level: 3 }, at: minute(12) })
    expect(decide(outcome.next, approve(carol), minute(2)).next.status).toBe('approved')
  })

  test('does not make the action cheaper: what asks for more approvals is taken on the way', () => {
    const given = opened({ escalation: [remindAt(2), requireAt(5, 2), escalateAt(10, 'platform')] })

    const outcome = decide(given, found('finance', nobody), now)

    expect(factTypes(outcome)).toEqual(['stage.unreachable', 'step.required', 'step.escalated'])
    expect(outcome.next).toMatchObject({ stages: [{ approvals: 2 }], escalation: { level: 3 } })
    const one = decide(outcome.next, approve(carol), minute(2)).next
    expect([one.status, decide(one, approve(erin), minute(3)).next.status]).toEqual(['pending', 'approved'])
  })

  test('passes by a role that is asked already', () => {
    const given = opened({ escalation: [escalateAt(5, 'finance'), escalateAt(10, 'platform')] })

    const outcome = decide(given, found('finance', nobody), now)

    expect(outcome.next.stages[0]?.escalated_to).toEqual(['platform'])
  })

  test('moves on from rung to rung, while one role after the other turns out empty', () => {
    const given = opened({ escalation: ladder })

    const last = after(
      given,
      found('finance', nobody),
      found('platform', 'not_in_channel'),
      found('oncall', 'gone'),
    )

    expect(last.stages[0]?.escalated_to).toEqual(['platform', 'oncall'])
    expect(last.unreachable).toBe('finance has no members; not_in_channel; gone')
    expect(last.escalation).toMatchObject({ level: 5, next_at: null })
  })

  test('moves on also to a rung beyond the end', () => {
    const given = opened({ escalation: [escalateAt(40, 'platform')] })

    expect(decide(given, found('finance', nobody), now).next.stages[0]?.escalated_to).toEqual(['platform'])
  })

  test('leaves a ladder alone that leads to nobody else', () => {
    const given = opened({ escalation: [remindAt(5), requireAt(10, 2)] })

    const outcome = decide(given, found('finance', nobody), now)

    expect(factTypes(outcome)).toEqual(['stage.unreachable'])
    expect(outcome.next).toMatchObject({ unreachable: nobody, stages: [{ approvals: 1 }] })
    expect(outcome.next.escalation).toEqual(given.escalation)
  })

  test('is told again in other words, and the ladder does not move for that', () => {
    const given = after(opened({ escalation: [remindAt(5)] }), found('finance', nobody))

    const outcome = decide(given, found('finance', 'channel_not_found'), now)

    expect(outcome.next.unreachable).toBe('channel_not_found')
    expect(factTypes(outcome)).toEqual(['stage.unreachable'])
    expect(outcome.next.escalation).toEqual(given.escalation)
  })

  test('does not hide what the timers bring: the rung moved past comes to nothing, the next on time', () => {
    const given = after(opened({ escalation: ladder }), found('finance', nobody))

    expect(decide(given, rungTimer(0), minute(5)).reply).toEqual({ counted: false, because: 'not_due' })
    expect(factTypes(decide(given, rungTimer(3), minute(12)))).toEqual(['step.reminded'])
  })
})

describe('a stage with several roles', () => {
  const given = climbed(opened({ escalation: [escalateAt(5, 'platform'), escalateAt(20, 'oncall')] }))

  test('is in reach while one of them has somebody', () => {
    const outcome = decide(given, found('finance', nobody), minute(6))

    expect(outcome.next).toMatchObject({ unreachable: null, stages: [{ problems: { finance: nobody } }] })
    expect([outcome.facts, outcome.effects]).toEqual([[], []])
    expect(outcome.next.escalation).toEqual(given.escalation)
  })

  test('is out of it when the last has nobody, and moves on', () => {
    const outcome = decide(
      after(given, found('finance', nobody)),
      found('platform', 'is_archived'),
      minute(6),
    )

    expect(outcome.facts[0]).toMatchObject({
      type: 'stage.unreachable',
      data: { why: 'finance has no members; is_archived' },
    })
    expect(outcome.next.stages[0]?.escalated_to).toEqual(['platform', 'oncall'])
  })

  function climbed(approval: Approval): Approval {
    return decide(approval, rungTimer(0), minute(5)).next
  }
})

describe('a role that has somebody again', () => {
  test('brings its stage back into reach', () => {
    const given = after(opened(), found('finance', nobody))

    const { next, facts, effects } = decide(given, found('finance', null), minute(2))

    expect(next).toEqual(opened())
    expect(facts).toEqual([
      { type: 'stage.reachable', actor: { type: 'countersign' }, data: { stage: 0, role: 'finance' } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('takes back no escalation that its absence brought', () => {
    const given = after(opened({ escalation: ladder }), found('finance', nobody))

    const { next, facts } = decide(given, found('finance', null), minute(2))

    expect(facts).toEqual([])
    expect(next.stages[0]).toMatchObject({ escalated_to: ['platform'], problems: {} })
    expect(next.escalation).toEqual(given.escalation)
  })
})

describe('what is found out', () => {
  const twoStages = opened({ stages: [finance(), platform()], escalation: ladder })

  test.each<[string, Approval, Input]>([
    ['of a role that was fine and is', opened(), found('finance', null)],
    ['twice', after(opened(), found('finance', nobody)), found('finance', nobody)],
    ['of a role that is not asked', opened(), found('platform', nobody)],
    ['of a role not asked, named like what every object has', opened(), found('constructor', nobody)],
    ['of a stage not open yet', twoStages, found('platform', nobody, 1)],
    ['of a stage that is met', after(twoStages, approve(bob)), found('finance', nobody, 0)],
    ['of a stage that does not exist', opened(), found('finance', nobody, 7)],
    ['of an approval that has ended', after(opened(), cancel), found('finance', nobody)],
  ])('%s changes nothing', (_, given, input) => {
    const { next, facts, effects, reply } = decide(given, input, minute(3))

    expect(next).toBe(given)
    expect([facts, effects]).toEqual([[], []])
    expect(reply).toEqual({ counted: false, because: 'not_due' })
  })

  test('after the end only lets it end', () => {
    const outcome = decide(opened({ escalation: ladder }), found('finance', nobody), deadline)

    expect(outcome.next).toMatchObject({
      status: 'expired',
      unreachable: null,
      stages: [{ escalated_to: [] }],
    })
    expect(factTypes(outcome)).toEqual(['approval.expired'])
  })

  test('of one stage says nothing of the next', () => {
    const given = after(opened({ stages: [finance(), platform()] }), found('finance', nobody), approve(bob))

    expect(given).toMatchObject({
      unreachable: null,
      stages: [{ problems: { finance: nobody } }, { problems: {} }],
    })
  })

  test('of a role whose name every object has is told like any other', () => {
    const given = opened({ stages: [{ roles: { any: ['constructor'] }, approvals: 1 }] })

    expect(given.unreachable).toBeNull()
    expect(after(given, found('constructor', nobody)).unreachable).toBe(nobody)
    expect(after(given, found('constructor', nobody), found('constructor', null)).unreachable).toBeNull()
  })
})
