import {
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  subarray,
  type Arbitrary,
} from 'fast-check'
import { openStage, type Approval } from '../../src/approval/approval.ts'
import type { Membership } from '../../src/approval/click.ts'
import { decide, type Input, type Outcome, type Step as TimedStep } from '../../src/approval/decide.ts'
import type { Hours } from '../../src/approval/hours.ts'
import { awaited } from '../../src/approval/ladder.ts'
import type { Plan, Rung, StageRoles } from '../../src/approval/plan.ts'
import {
  agent,
  asker,
  bob,
  carol,
  deadline,
  dora,
  erin,
  expiryTimer,
  opening,
  owner,
  person,
  start,
} from './given.ts'

/** Something that somebody does at a moment. A click is made on the card as it is then, or on any other. */
export type Step = { act: Act; at: Date }
type Act =
  | { type: 'cancel' | 'timer' }
  /** One of the timers that were set goes off, whatever its time; or one that nobody set. */
  | { type: 'alarm'; which: number }
  | { type: 'stray'; step: TimedStep }
  | { type: 'reach'; stage: number | 'open'; role: string; problem: string | null }
  | {
      type: 'click'
      form: boolean
      vote: 'approve' | 'reject' | 'extend'
      by: typeof bob
      roles: string[] | null
      card: 'current' | { stage: number; revision: number }
    }

/** What happened: the approval before, what came, what became of it, and the timers that were set and still run. */
export type Happening = { before: Approval; input: Input; now: Date; outcome: Outcome; timers: Timer[] }
export type Timer = { step: TimedStep; at: Date }

const stageRoles = constantFrom<StageRoles>(
  { any: ['finance'] },
  { any: ['platform'] },
  { any: ['finance', 'platform'] },
  { all: ['finance', 'platform'] },
)

const stages = array(
  record({ roles: stageRoles, more: integer({ min: 0, max: 2 }) }).map(({ roles, more }) => ({
    roles,
    approvals: ('all' in roles ? roles.all.length : 1) + more,
  })),
  { minLength: 1, maxLength: 3 },
)

const rungs: Arbitrary<Rung[]> = array(
  record({
    after_ms: integer({ min: 1, max: 45 }).map((minutes) => minutes * 60_000),
    what: oneof(
      constantFrom({ do: 'remind' as const }, { do: 'mention' as const }),
      constantFrom('platform', 'sales', 'finance').map((to) => ({ do: 'escalate' as const, to })),
      integer({ min: 1, max: 3 }).map((approvals) => ({ do: 'require' as const, approvals })),
    ),
  }).map(({ after_ms, what }): Rung => ({ after_ms, ...what })),
  { maxLength: 5 },
).map((some) => some.sort((a, b) => a.after_ms - b.after_ms))

/** Around the half hour from 09:00 in which the stories play. */
const hours: Arbitrary<Hours> = record({
  timezone: constant('UTC'),
  days: constantFrom<Hours['days']>(['mon'], ['mon'], ['tue']),
  from: constantFrom('08:00', '09:07', '09:22', '09:50'),
  to: constantFrom('09:20', '09:30', '18:00'),
})

export const plans: Arbitrary<Partial<Plan>> = record({
  stages,
  escalation: rungs,
  extend_ms: constantFrom(null, 60_000, 30 * 60_000),
  hours: oneof(
    { weight: 2, arbitrary: constant({}) },
    { weight: 1, arbitrary: record({ finance: hours }) },
    { weight: 1, arbitrary: record({ finance: hours, platform: hours, sales: hours }) },
  ),
  on_timeout: constantFrom('expire', 'reject'),
  separation_of_duties: record({ asker: boolean(), owner: boolean(), repeat: boolean() }),
  allowed_decisions: oneof(
    { weight: 9, arbitrary: constant<Plan['allowed_decisions']>(['approve', 'reject']) },
    { weight: 1, arbitrary: constant<Plan['allowed_decisions']>(['reject']) },
  ),
})

const everyRole = ['finance', 'platform', 'sales']

/** Mostly in the role, so that stories get somewhere; now and then not, or Slack would not say. */
const roles: Arbitrary<string[] | null> = oneof(
  { weight: 6, arbitrary: constant(everyRole) },
  { weight: 3, arbitrary: subarray([...everyRole, 'legal']) },
  { weight: 1, arbitrary: constant(null) },
)

const click = record({
  type: constant('click' as const),
  form: oneof({ weight: 8, arbitrary: constant(false) }, { weight: 1, arbitrary: constant(true) }),
  vote: oneof(
    { weight: 12, arbitrary: constant('approve' as const) },
    { weight: 1, arbitrary: constant('reject' as const) },
    { weight: 2, arbitrary: constant('extend' as const) },
  ),
  by: constantFrom(bob, dora, carol, erin, asker, owner),
  roles,
  card: oneof(
    { weight: 6, arbitrary: constant('current' as const) },
    {
      weight: 2,
      arbitrary: record({ stage: integer({ min: -1, max: 3 }), revision: integer({ min: 0, max: 4 }) }),
    },
  ),
})

const anyStep: Arbitrary<TimedStep> = oneof(
  record({
    at: constant('rung' as const),
    stage: integer({ min: -1, max: 3 }),
    level: integer({ min: 0, max: 6 }),
  }),
  record({ at: constant('warning' as const), percent: constantFrom(0, 50, 75, 90, 100) }),
)

const found = record({
  type: constant('reach' as const),
  stage: oneof(
    { weight: 6, arbitrary: constant('open' as const) },
    { weight: 1, arbitrary: integer({ min: -1, max: 3 }) },
  ),
  role: constantFrom('finance', 'platform', 'sales'),
  problem: constantFrom('nobody is in it', 'its channel is archived', null),
})

const act: Arbitrary<Act> = oneof(
  { weight: 20, arbitrary: click },
  { weight: 1, arbitrary: constant({ type: 'cancel' as const }) },
  { weight: 2, arbitrary: constant({ type: 'timer' as const }) },
  {
    weight: 10,
    arbitrary: record({ type: constant('alarm' as const), which: integer({ min: 0, max: 20 }) }),
  },
  { weight: 2, arbitrary: record({ type: constant('stray' as const), step: anyStep }) },
  { weight: 6, arbitrary: found },
)

const patience = deadline.getTime() - start.getTime()

/** In no order: replicas’ clocks and late jobs may disagree. The milliseconds around the end come up often. */
const moment = oneof(
  { weight: 30, arbitrary: integer({ min: 0, max: patience - 2 }) },
  { weight: 1, arbitrary: integer({ min: patience - 1, max: patience + 1 }) },
  { weight: 1, arbitrary: integer({ min: patience, max: 2 * patience }) },
).map((ms) => new Date(start.getTime() + ms))

export const stories: Arbitrary<Step[]> = array(record({ act, at: moment }), { maxLength: 40 })

/** Plays the steps in turn on an approval opened under the plan. Whoever changes an approval in place is caught here. */
export function play(
  plan: Partial<Plan>,
  steps: Step[],
): { last: Approval; happened: Happening[]; timers: Timer[] } {
  const first = opening(plan)
  let last = frozen(first.next)
  let timers = timersOf(first)
  const happened = steps.map(({ act, at }) => {
    const before = last
    const fired = act.type === 'alarm' ? timers[act.which % timers.length] : undefined
    const input = fired ? timeIsUp(fired) : inputFor(before, act)
    const outcome = decide(before, frozen(input), at)
    last = frozen(outcome.next)
    timers = [
      ...timers.flatMap((timer) => (timer === fired ? rearmed(timer, last) : [timer])),
      ...timersOf(outcome),
    ]
    return { before, input, now: at, outcome, timers }
  })
  return { last, happened, timers }
}

/** What becomes of an approval that everybody leaves alone: its timers go off, each at its time. */
export function leftAlone(given: Approval, since: Date, set: Timer[]): Happening[] {
  const happened: Happening[] = []
  let [last, now, timers] = [given, since, set]
  for (let turn = 0; timers.length > 0; turn++) {
    if (turn > 500) throw new Error('its timers never come to rest')
    const fired = timers.reduce((first, timer) => (timer.at < first.at ? timer : first))
    now = new Date(Math.max(now.getTime(), fired.at.getTime()))
    const before = last
    const input = timeIsUp(fired)
    const outcome = decide(before, input, now)
    last = outcome.next
    timers = [
      ...timers.flatMap((timer) => (timer === fired ? rearmed(timer, last) : [timer])),
      ...timersOf(outcome),
    ]
    happened.push({ before, input, now, outcome, timers })
  }
  return happened
}

/** A timer that went off is over, unless it was too early. */
function rearmed({ step }: Timer, approval: Approval): Timer[] {
  const at = awaited(approval, step)
  return at === null ? [] : [{ step, at }]
}

function timersOf({ effects }: Pick<Outcome, 'effects'>): Timer[] {
  return effects.flatMap((effect) =>
    effect.do === 'set_timer' ? [{ step: effect.step, at: effect.at }] : [],
  )
}

function timeIsUp({ step }: Timer): Input {
  return { type: 'time_is_up', step }
}

function inputFor(approval: Approval, act: Act): Input {
  switch (act.type) {
    case 'timer':
    case 'alarm':
      return expiryTimer
    case 'stray':
      return { type: 'time_is_up', step: act.step }
    case 'reach': {
      const stage = act.stage === 'open' ? (openStage(approval) ?? 0) : act.stage
      return { type: 'reach', stage, problems: { [act.role]: act.problem }, voters: null }
    }
    case 'cancel':
      return { type: 'cancel', by: { name: agent.name }, reason: null }
    case 'click': {
      const current = { stage: openStage(approval) ?? 0, revision: approval.revision }
      const shown = act.card === 'current' ? current : act.card
      const membership: Membership =
        act.roles === null ? { readable: false, detail: 'ratelimited' } : { readable: true, roles: act.roles }
      const click = { by: person(act.by), ...shown, seen: null, membership }
      if (act.vote === 'extend') return { type: 'extend', ...click }
      return { type: act.form ? 'begin_vote' : 'vote', vote: act.vote, comment: null, ...click }
    }
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(frozen)
  return value
}
