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
import { decide, type Input, type Outcome } from '../../src/approval/decide.ts'
import type { Plan } from '../../src/approval/plan.ts'
import {
  agent,
  asker,
  bob,
  carol,
  deadline,
  dora,
  erin,
  expiryTimer,
  opened,
  owner,
  person,
  start,
} from './given.ts'

/** Something that somebody does at a moment. A click is made on the card as it is then, or on any other. */
export type Step = { act: Act; at: Date }
type Act =
  | { type: 'cancel' | 'timer' }
  | {
      type: 'click'
      form: boolean
      vote: 'approve' | 'reject'
      by: typeof bob
      roles: string[] | null
      card: 'current' | { stage: number; revision: number }
    }

/** What happened: the approval before, what came, and what became of it. */
export type Happening = { before: Approval; input: Input; now: Date; outcome: Outcome }

const stages = array(
  record({ role: constantFrom('finance', 'platform'), approvals: integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 3 },
)

export const plans: Arbitrary<Partial<Plan>> = record({
  stages,
  on_timeout: constantFrom('expire', 'reject'),
  separation_of_duties: record({ asker: boolean(), owner: boolean(), repeat: boolean() }),
  allowed_decisions: oneof(
    { weight: 9, arbitrary: constant<Plan['allowed_decisions']>(['approve', 'reject']) },
    { weight: 1, arbitrary: constant<Plan['allowed_decisions']>(['reject']) },
  ),
})

const everyRole = ['finance', 'platform']

/** Mostly in the role, so that stories get somewhere; now and then not, or Slack would not say. */
const roles: Arbitrary<string[] | null> = oneof(
  { weight: 6, arbitrary: constant(everyRole) },
  { weight: 3, arbitrary: subarray([...everyRole, 'sales']) },
  { weight: 1, arbitrary: constant(null) },
)

const click = record({
  type: constant('click' as const),
  form: oneof({ weight: 8, arbitrary: constant(false) }, { weight: 1, arbitrary: constant(true) }),
  vote: oneof(
    { weight: 12, arbitrary: constant('approve' as const) },
    { weight: 1, arbitrary: constant('reject' as const) },
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

const act: Arbitrary<Act> = oneof(
  { weight: 20, arbitrary: click },
  { weight: 1, arbitrary: constant({ type: 'cancel' as const }) },
  { weight: 2, arbitrary: constant({ type: 'timer' as const }) },
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
export function play(plan: Partial<Plan>, steps: Step[]): { last: Approval; happened: Happening[] } {
  let last = frozen(opened(plan))
  const happened = steps.map(({ act, at }) => {
    const before = last
    const input = inputFor(before, act)
    const outcome = decide(before, frozen(input), at)
    last = frozen(outcome.next)
    return { before, input, now: at, outcome }
  })
  return { last, happened }
}

function inputFor(approval: Approval, act: Act): Input {
  switch (act.type) {
    case 'timer':
      return expiryTimer
    case 'cancel':
      return { type: 'cancel', by: { name: agent.name }, reason: null }
    case 'click': {
      const shown = { stage: openStage(approval) ?? 0, revision: approval.revision }
      return {
        type: act.form ? 'begin_vote' : 'vote',
        vote: act.vote,
        by: person(act.by),
        ...(act.card === 'current' ? shown : act.card),
        comment: null,
        membership:
          act.roles === null
            ? { readable: false, detail: 'ratelimited' }
            : { readable: true, roles: act.roles },
      }
    }
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(frozen)
  return value
}
