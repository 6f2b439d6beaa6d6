import { describe, expect, test } from '@jest/globals'
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  sample,
  subarray,
  tuple,
  type Arbitrary,
} from 'fast-check'
import { openStage, type Approval, type JsonObject } from '../../src/approval/approval.ts'
import { decide, type Input, type Outcome } from '../../src/approval/decide.ts'
import { effective } from '../../src/approval/effective.ts'
import type { Plan, PlanStage, Rung } from '../../src/approval/plan.ts'
import { asked, edit } from './edit-given.ts'
import {
  approve,
  asker,
  bob,
  carol,
  dora,
  erin,
  minute,
  opened,
  owner,
  planOf,
  start,
  type Member,
} from './given.ts'
import { plans } from './stories.ts'

/** What is asked of whom, in any of the ways in which an edit could lower it. */
const ruled: Arbitrary<Partial<Plan>> = record({
  asked: plans,
  effect: oneof(
    { weight: 8, arbitrary: constant('require_approval' as const) },
    { weight: 1, arbitrary: constantFrom('allow' as const, 'deny' as const) },
  ),
  expires_in_ms: integer({ min: 1, max: 40 }).map((minutes) => minutes * 60_000),
  valid_for_ms: integer({ min: 1, max: 90 }).map((minutes) => minutes * 60_000),
  editable: oneof(
    { weight: 4, arbitrary: constant<string[]>(['amount', 'note']) },
    { weight: 1, arbitrary: subarray(['amount', 'note'], { minLength: 1 }) },
  ),
  break_glass: boolean(),
  require_reason: boolean(),
  require_on_behalf_of: boolean(),
  require_details_opened: oneof(
    { weight: 6, arbitrary: constant(false) },
    { weight: 1, arbitrary: constant(true) },
  ),
  outcome_within_ms: constantFrom(null, 60_000, 3_600_000),
  allowed_decisions: oneof(
    { weight: 6, arbitrary: constant<Plan['allowed_decisions']>(['approve', 'edit', 'reject']) },
    {
      weight: 1,
      arbitrary: constantFrom<Plan['allowed_decisions']>(['edit', 'reject'], ['approve', 'reject']),
    },
  ),
}).map(({ asked: { stages = [], ...asks }, effect, ...more }) => ({
  ...asks,
  ...more,
  effect,
  stages: effect === 'require_approval' ? stages : [],
}))

type Step = {
  by: Member
  at: number
  act: 'approve' | { becomes: JsonObject; ruled: Partial<Plan> | 'as before' } | 'timer'
  stale: boolean
}

const steps: Arbitrary<Step[]> = array(
  record({
    by: constantFrom(bob, dora, carol, erin, asker, owner),
    at: integer({ min: 0, max: 31 }),
    act: oneof(
      { weight: 10, arbitrary: constant('approve' as const) },
      { weight: 1, arbitrary: constant('timer' as const) },
      {
        weight: 3,
        arbitrary: record({
          becomes: record(
            {
              amount: integer({ min: 238, max: 241 }),
              note: constantFrom('a', 'b'),
              charge: constantFrom('ch_1', 'ch_1', 'ch_2'),
            },
            { requiredKeys: [] },
          ),
          ruled: oneof(
            { weight: 1, arbitrary: ruled },
            { weight: 2, arbitrary: constant('as before' as const) },
          ),
        }),
      },
    ),
    stale: oneof({ weight: 9, arbitrary: constant(false) }, { weight: 1, arbitrary: constant(true) }),
  }),
  { maxLength: 40, size: 'max' },
)

/** Somebody edited: the approval before, what the policy said, and the approval after. */
type Edited = { before: Approval; said: Plan; after: Approval; now: Date }

/** Plays the steps in the order of their time. */
function play(
  plan: Partial<Plan>,
  acts: Step[],
): { first: Approval; last: Approval; edits: Edited[]; replies: Outcome['reply'][] } {
  const first = opened({
    ...plan,
    effect: 'require_approval',
    stages: plan.stages?.length ? plan.stages : [{ roles: { any: ['finance'] }, approvals: 1 }],
  })
  let last = first
  const edits: Edited[] = []
  const replies: Outcome['reply'][] = []
  for (const { by, at, act, stale } of [...acts].sort((a, b) => a.at - b.at)) {
    const before = last
    const shown = { stage: openStage(before) ?? 0, revision: before.revision - (stale ? 1 : 0) }
    const membership = { readable: true as const, roles: ['finance', 'platform', 'sales'] }
    const input: Input =
      act === 'approve'
        ? approve(by, { ...shown, membership, comment: 'fine' })
        : act === 'timer'
          ? { type: 'time_is_up', step: { at: 'rung', stage: shown.stage, level: before.escalation.level } }
          : edit(
              by,
              act.becomes,
              { ...shown, membership, note: 'better' },
              act.ruled === 'as before' ? plan : act.ruled,
            )
    const { next, reply } = decide(before, input, minute(at))
    if (input.type === 'edit' && reply.counted)
      edits.push({
        before,
        said: planOf(act === 'approve' || act === 'timer' ? {} : input.plan),
        after: next,
        now: minute(at),
      })
    replies.push(reply)
    last = next
  }
  return { first, last, edits, replies }
}

function always(check: (played: ReturnType<typeof play>) => void) {
  assert(
    property(ruled, steps, (plan, acts) => check(play(plan, acts))),
    { numRuns: 600 },
  )
}

/** Whether each of these stages has one of its own among those that asks for at least as many of the same people. */
function covers(given: readonly PlanStage[], wanted: readonly PlanStage[]): boolean {
  const [first, ...others] = wanted
  if (!first) return true
  return given.some(
    (stage, i) =>
      JSON.stringify(stage.roles) === JSON.stringify(first.roles) &&
      stage.approvals >= first.approvals &&
      covers([...given.slice(0, i), ...given.slice(i + 1)], others),
  )
}

/** The roles that a ladder asks, each with how soon. */
function asks(rungs: readonly Rung[]): Map<string, number> {
  const soonest = new Map<string, number>()
  for (const rung of rungs)
    if (rung.do === 'escalate')
      soonest.set(rung.to, Math.min(soonest.get(rung.to) ?? Infinity, rung.after_ms))
  return soonest
}

test('the random stories edit, are refused for each reason, and are approved after edits', () => {
  const played = sample(tuple(ruled, steps), { numRuns: 1_500, seed: 3 }).map(([plan, acts]) =>
    play(plan, acts),
  )
  const reasons = new Set(
    played.flatMap(({ replies }) => replies.map((reply) => (reply.counted ? 'counted' : reply.because))),
  )
  for (const reason of [
    'counted',
    'stale',
    'unchanged',
    'not_editable',
    'not_allowed',
    'denied_by_policy',
    'not_yours_to_approve',
    'own_request',
    'own_agent',
    'voted_already',
    'decided',
  ])
    expect(reasons).toContain(reason)
  expect(
    played.filter(({ last, edits }) => last.status === 'approved' && edits.length > 1).length,
  ).toBeGreaterThan(5)
})

describe('an edit never lowers what is required', () => {
  test('of whom: each stage of before, as much as it asked for by then, and each of what the policy now says', () => {
    always(({ edits }) => {
      for (const { before, said, after } of edits) {
        before.stages.forEach((stage, i) => {
          expect(after.stages[i]?.roles).toEqual(stage.roles)
          expect(after.stages[i]?.approvals).toBeGreaterThanOrEqual(stage.approvals)
          expect(after.stages[i]?.escalated_to).toEqual(stage.escalated_to)
        })
        expect(covers(after.stages, said.stages)).toBe(true)
        expect(after.plan.stages).toEqual(after.stages.map(({ roles, approvals }) => ({ roles, approvals })))
      }
    })
  })

  test('of how: whatever kept somebody away, whatever ran out, whatever was not allowed', () => {
    always(({ edits }) => {
      for (const {
        before: { plan },
        said,
        after,
      } of edits) {
        const now = after.plan
        const both = said.effect === 'require_approval' ? [plan, said] : [plan]
        for (const one of both) {
          for (const name of ['asker', 'owner', 'repeat'] as const)
            expect(now.separation_of_duties[name] || !one.separation_of_duties[name]).toBe(true)
          expect(now.valid_for_ms).toBeLessThanOrEqual(one.valid_for_ms)
          expect(one.allowed_decisions).toEqual(expect.arrayContaining(now.allowed_decisions))
          expect(one.editable).toEqual(expect.arrayContaining(now.editable))
          expect(one.break_glass || !now.break_glass).toBe(true)
          for (const name of ['require_reason', 'require_on_behalf_of', 'require_details_opened'] as const)
            expect(now[name] || !one[name]).toBe(true)
          if (one.outcome_within_ms !== null)
            expect(now.outcome_within_ms).toBeLessThanOrEqual(one.outcome_within_ms)
          if (one.on_timeout === 'reject') expect(now.on_timeout).toBe('reject')
          expect(one.extend_ms ?? 0).toBeGreaterThanOrEqual(now.extend_ms ?? 0)
          // Nobody is asked too whom the ladder would not ask, nor sooner; what it would demand is still demanded.
          for (const [role, after_ms] of asks(now.escalation))
            expect(asks(one.escalation).get(role)).toBeLessThanOrEqual(after_ms)
          for (const rung of one.escalation)
            if (rung.do === 'require') expect(now.escalation).toContainEqual(rung)
        }
      }
    })
  })

  test('of time: the end never comes later, and is no later than the policy now says', () => {
    always(({ edits }) => {
      for (const { before, said, after, now } of edits) {
        expect(after.expires_at.getTime()).toBeLessThanOrEqual(before.expires_at.getTime())
        if (said.effect === 'require_approval')
          expect(after.expires_at.getTime()).toBeLessThanOrEqual(now.getTime() + said.expires_in_ms)
      }
    })
  })
})

describe('whatever is edited', () => {
  test('approved, all that was ever asked was met by people who saw the last edit, none of them kept away', () => {
    always(({ first, last, edits }) => {
      if (last.status !== 'approved') return
      const since = edits.at(-1)?.now ?? start
      const met = last.stages.map(({ roles, votes }) => ({
        roles,
        approvals: new Set(votes.map(({ by }) => by.slack_user_id)).size,
      }))
      for (const plan of [first.plan, ...edits.map(({ said }) => said)]) {
        expect(covers(met, plan.stages)).toBe(true)
        if (plan.effect !== 'require_approval') continue
        const voters = last.stages.flatMap(({ votes }) => votes.map(({ by }) => by.slack_user_id))
        const { asker: noAsker, owner: noOwner, repeat } = plan.separation_of_duties
        if (noAsker) expect(voters).not.toContain(asker.slack_user_id)
        if (noOwner) expect(voters).not.toContain(owner.slack_user_id)
        if (repeat) expect(new Set(voters).size).toBe(voters.length)
      }
      for (const { votes } of last.stages)
        for (const vote of votes) expect(vote.at.getTime()).toBeGreaterThanOrEqual(since.getTime())
      expect(last.decided_at?.getTime()).toBeLessThan(last.expires_at.getTime())
    })
  })

  test('what the agent asked for stays as it was, and only what each rule lists becomes different', () => {
    always(({ first, last, edits }) => {
      expect(last.action).toEqual(first.action)
      expect(last.action_digest).toBe(first.action_digest)
      expect(effective(last).tool).toBe(first.action.tool)
      expect(effective(last).arguments['charge']).toBe(asked['charge'])
      for (const { before, after } of edits)
        for (const key of ['amount', 'note'])
          if (effective(before).arguments[key] !== effective(after).arguments[key])
            expect(before.plan.editable).toContain(key)
    })
  })

  test('the revision grows, and only who edited has a vote right after it', () => {
    always(({ edits }) => {
      for (const { before, after } of edits) {
        expect(after.revision).toBeGreaterThan(before.revision)
        const votes = after.stages.flatMap((stage) => stage.votes)
        expect(votes.map(({ by }) => by)).toEqual([after.edited?.by])
      }
    })
  })
})
