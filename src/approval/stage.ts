import type { Approval, StageState } from './approval.ts'

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
