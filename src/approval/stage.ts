import type { Approval, StageState } from './approval.ts'
import type { PlanStage } from './plan.ts'

/** A stage of a plan before anybody has answered. The first one is open from `now` on. */
export function newStage({ roles, approvals }: PlanStage, index: number, now: Date): StageState {
  const isFirst = index === 0
  return {
    roles,
    approvals,
    status: isFirst ? 'open' : 'waiting',
    escalated_to: [],
    problems: {},
    opened_at: isFirst ? now : null,
    thawed_ms: 0,
    votes: [],
  }
}

/** The approval with one of its stages changed. */
export function withStage(
  approval: Approval,
  index: number,
  change: (stage: StageState) => StageState,
): Approval {
  return { ...approval, stages: approval.stages.map((stage, i) => (i === index ? change(stage) : stage)) }
}

/** Why the card of a role reaches nobody, as far as is known. */
export function problemOf({ problems }: Pick<StageState, 'problems'>, role: string): string | null {
  // A name like `constructor` must not find what every object inherits.
  return Object.hasOwn(problems, role) ? (problems[role] ?? null) : null
}
