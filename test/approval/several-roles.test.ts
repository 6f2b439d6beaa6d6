import { describe, expect, test } from '@jest/globals'
import { array, assert, constantFrom, integer, property, record, shuffledSubarray, tuple } from 'fast-check'
import type { Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import { awaitedRoles, counted, missing } from '../../src/approval/places.ts'
import type { StageRoles } from '../../src/approval/plan.ts'
import { shape } from '../../src/approval/shape.ts'
import {
  after,
  approve,
  bob,
  carol,
  dora,
  erin,
  escalateAt,
  minute,
  opened,
  reject,
  rungTimer,
  remindAt,
  type Member,
} from './given.ts'

const both: StageRoles = { all: ['finance', 'platform'] }
const either: StageRoles = { any: ['finance', 'platform'] }
const sue: Member = { slack_user_id: 'U_SUE', name: 'Sue', roles: ['sales'] }
const toSales = { escalation: [escalateAt(5, 'sales')] }

function stageOf(approval: Approval) {
  const [stage] = approval.stages
  if (!stage) throw new Error('there is no stage')
  return stage
}

describe('a stage over any of two roles', () => {
  test('counts members of both together', () => {
    const given = opened({ stages: [{ roles: either, approvals: 2 }] })
    expect(after(given, approve(bob)).status).toBe('pending')
    expect(after(given, approve(bob), approve(carol)).status).toBe('approved')
    expect(after(given, approve(bob), approve(dora)).status).toBe('approved')
  })
})

describe('a stage over all of two roles', () => {
  const given = opened({ stages: [{ roles: both, approvals: 2 }] })

  test('needs one of each', () => {
    const once = after(given, approve(bob))
    expect([counted(stageOf(once)), awaitedRoles(stageOf(once))]).toEqual([1, ['platform']])
    expect(after(once, approve(carol)).status).toBe('approved')
  })

  test('is not met by two of the same', () => {
    const twice = after(given, approve(bob), approve(dora))
    expect(twice.status).toBe('pending')
    expect([counted(stageOf(twice)), missing(stageOf(twice))]).toEqual([1, 1])
    expect(after(twice, approve(carol)).status).toBe('approved')
  })

  test('lets one person count for one role, whichever is needed', () => {
    const once = after(given, approve(erin))
    expect(awaitedRoles(stageOf(once))).toEqual(['finance', 'platform'])
    expect(after(once, approve(bob)).status).toBe('approved')
    expect(after(once, approve(carol)).status).toBe('approved')
  })

  test('may ask for more people than roles', () => {
    const more = opened({ stages: [{ roles: both, approvals: 3 }] })
    expect(after(more, approve(bob), approve(carol)).status).toBe('pending')
    expect(after(more, approve(bob), approve(carol), approve(dora)).status).toBe('approved')
  })

  test('is ended by one who rejects', () => {
    expect(after(given, approve(bob), reject(carol, 'no')).status).toBe('rejected')
  })

  test('lets a role that it was escalated to stand in for one that has not answered', () => {
    const climbed = decide(opened({ stages: given.plan.stages, ...toSales }), rungTimer(0), minute(5)).next
    const sold = decide(climbed, approve(sue), minute(6)).next
    expect(sold.status).toBe('pending')
    expect(awaitedRoles(stageOf(sold))).toEqual(['finance', 'platform', 'sales'])
    expect(decide(sold, approve(carol), minute(7)).next.status).toBe('approved')
    expect(decide(sold, approve(bob), minute(7)).next.status).toBe('approved')
  })

  test('reminds the roles that have not answered', () => {
    const one = after(opened({ stages: given.plan.stages, escalation: [remindAt(5)] }), approve(bob))
    expect(decide(one, rungTimer(0), minute(5)).facts[0]?.data).toMatchObject({ roles: ['platform'] })
  })

  test('shows agents its roles in words and as they are', () => {
    expect(shape(given).stages[0]).toMatchObject({
      role: 'finance and platform',
      roles: { all: ['finance', 'platform'] },
    })
    expect(shape(opened()).stages[0]).not.toHaveProperty('roles')
  })
})

describe('who is there', () => {
  const given = opened({ stages: [{ roles: both, approvals: 2 }] })
  const voters = (...people: Member[]) => ({
    type: 'reach' as const,
    stage: 0,
    problems: {},
    voters: people.map(({ slack_user_id, roles }) => ({ slack_user_id, roles })),
  })

  test.each<[string, Approval, Member[], string | null]>([
    ['one of each', given, [bob, carol], null],
    ['nobody of one', given, [bob, dora], 'nobody in platform may approve it'],
    ['nobody at all', given, [], 'nobody in finance may approve it; nobody in platform may approve it'],
    ['one who is of both', given, [erin], '1 of finance and platform may approve it, and 2 more are needed'],
    ['nobody of the role that has answered', after(given, approve(bob)), [carol], null],
    ['nobody of the other', after(given, approve(bob)), [dora], 'nobody in platform may approve it'],
  ])('%s', (_, approval, people, wanted) => {
    expect(decide(approval, voters(...people), minute(2)).next.unreachable).toBe(wanted)
  })

  test('moves the ladder on where one of all roles has nobody', () => {
    const { next } = decide(opened({ stages: given.plan.stages, ...toSales }), voters(bob), minute(2))
    expect(next).toMatchObject({ unreachable: null, stages: [{ escalated_to: ['sales'] }] })
    expect(decide(next, voters(bob, sue), minute(3)).next.unreachable).toBeNull()
    expect(decide(next, voters(bob), minute(3)).next.unreachable).toContain('nobody in platform')
  })

  test('a card that is shown nowhere counts as nobody, whoever is in the role', () => {
    const input = { ...voters(bob, carol), problems: { platform: 'is_archived' } }
    expect(decide(given, input, minute(2)).next.unreachable).toBe('is_archived')
  })
})

describe('the order of approvals', () => {
  test('never changes whether a stage over several roles is met', () => {
    const people = [bob, dora, carol, erin, sue]
    const inTwoOrders = array(constantFrom(...people), { maxLength: 6 }).chain((some) =>
      tuple(...[0, 1].map(() => shuffledSubarray(some, { minLength: some.length }))),
    )
    const anyStage = record({ roles: constantFrom(both, either), more: integer({ min: 0, max: 2 }) })
    assert(
      property(anyStage, inTwoOrders, ({ roles, more }, orders) => {
        const approvals = ('all' in roles ? 2 : 1) + more
        const given = decide(
          opened({ stages: [{ roles, approvals }], ...toSales }),
          rungTimer(0),
          minute(5),
        ).next
        const [one, other] = orders.map(
          (order) =>
            order.reduce((before, who) => decide(before, approve(who), minute(6)).next, given).status,
        )
        expect(one).toBe(other)
      }),
      { numRuns: 1_000 },
    )
  })
})
