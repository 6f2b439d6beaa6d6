import { votingRoles, type Approval, type StageState } from './approval.ts'

/** The approval with one of its stages changed. */
export function withStage(
  approval: Approval,
  index: number,
  change: (stage: StageState) => StageState,
): Approval {
  return { ...approval, stages: approval.stages.map((stage, i) => (i === index ? change(stage) : stage)) }
}

/** Says again whether a stage can be met by anybody: it is out of reach when each of its roles is. */
export function judgeReach(approval: Approval, index: number): Approval {
  const stage = approval.stages[index]
  if (!stage) return approval
  const problems = votingRoles(stage).map((role) => problemOf(stage, role))
  const unreachable = problems.every((problem) => problem !== null) ? problems.join('; ') : null
  return { ...approval, unreachable }
}

/** Why nobody of a role can vote at a stage, as far as is known. */
export function problemOf(stage: StageState, role: string): string | null {
  // A name like `constructor` must not find what every object inherits.
  return Object.hasOwn(stage.problems, role) ? (stage.problems[role] ?? null) : null
}
