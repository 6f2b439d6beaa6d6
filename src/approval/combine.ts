import type { StageState } from './approval.ts'
import {
  listed,
  type Plan,
  type PlanStage,
  type Rung,
  type SeparationOfDuties,
  type StageRoles,
} from './plan.ts'

/** What a stage asks for by now: where nobody answered, more than the plan did. */
type Asked = Pick<StageState, 'roles' | 'approvals' | 'escalated_to'>

/**
 * What is asked for an edited action: all that was asked for it before and all that the policy asks for what it became.
 * An edit must not be a way to need fewer people, less time or fewer precautions. Where the policy would now allow it
 * without asking anybody, what was asked before stays.
 *
 * The first stages of the result are those of before, one for one. Each field is named, so that one that is added to `Plan` does not compile until somebody has said what it means here.
 */
export function combined(before: Plan, stages: readonly Asked[], after: Plan): Plan {
  if (after.effect !== 'require_approval')
    return { ...before, stages: stages.map(planned), masked: after.masked }
  return {
    policy_version: after.policy_version,
    rule: after.rule,
    effect: 'require_approval',
    reason: after.reason,
    stages: stagesOfBoth(stages, after),
    expires_in_ms: Math.min(before.expires_in_ms, after.expires_in_ms),
    valid_for_ms: Math.min(before.valid_for_ms, after.valid_for_ms),
    outcome_within_ms: soonest(before.outcome_within_ms, after.outcome_within_ms),
    on_timeout: before.on_timeout === 'reject' ? 'reject' : after.on_timeout,
    escalation: ladderOfBoth(before.escalation, after.escalation),
    extend_ms:
      before.extend_ms === null || after.extend_ms === null
        ? null
        : Math.min(before.extend_ms, after.extend_ms),
    hours: { ...before.hours, ...after.hours },
    separation_of_duties: separationOfBoth(before.separation_of_duties, after.separation_of_duties),
    allowed_decisions: before.allowed_decisions.filter((one) => after.allowed_decisions.includes(one)),
    editable: before.editable.filter((key) => after.editable.includes(key)),
    require_reason: before.require_reason || after.require_reason,
    // Of what it became, as the rule is: these ask nothing of anybody.
    reject_reasons: after.reject_reasons,
    require_on_behalf_of: before.require_on_behalf_of || after.require_on_behalf_of,
    require_details_opened: before.require_details_opened || after.require_details_opened,
    break_glass: before.break_glass && after.break_glass,
    // What is hidden follows from what it became, and not from who decides on it.
    masked: after.masked,
  }
}

/** The stages of before in their order, each asking for at least as many, and behind them those that are new. */
function stagesOfBoth(before: readonly Asked[], after: Plan): PlanStage[] {
  const stages = before.map(planned)
  const matched = new Set<number>()
  for (const stage of after.stages) {
    const index = before.findIndex((one, i) => !matched.has(i) && isAsked(one, stage, after.escalation))
    const same = stages[index]
    if (!same) stages.push(stage)
    else {
      matched.add(index)
      stages[index] = { ...same, approvals: Math.max(same.approvals, stage.approvals) }
    }
  }
  return stages
}

/** Whether the stage asks only those whom the other one would ask as well, if nobody answered. */
function isAsked({ roles, escalated_to }: Asked, stage: PlanStage, ladder: readonly Rung[]): boolean {
  const asks = (other: string) => ladder.some((rung) => rung.do === 'escalate' && rung.to === other)
  return sameRoles(roles, stage.roles) && escalated_to.every(asks)
}

function sameRoles(some: StageRoles, others: StageRoles): boolean {
  const [a, b] = [listed(some), listed(others)]
  return 'all' in some === 'all' in others && a.length === b.length && a.every((role) => b.includes(role))
}

function planned({ roles, approvals }: Asked): PlanStage {
  return { roles, approvals }
}

/**
 * More approvals are asked for where either ladder says so; another role is only where both do, and not before both do,
 * because its members could then approve what they could not before.
 */
function ladderOfBoth(before: readonly Rung[], after: readonly Rung[]): Rung[] {
  const calls = after.filter((rung) => rung.do === 'remind' || rung.do === 'mention')
  const asked = after.flatMap((rung): Rung[] => {
    const first = before.find(
      (other) => other.do === 'escalate' && rung.do === 'escalate' && other.to === rung.to,
    )
    return first ? [{ ...rung, after_ms: Math.max(first.after_ms, rung.after_ms) }] : []
  })
  const required = [...before, ...after].filter((rung) => rung.do === 'require')
  const needed = required.filter(
    ({ approvals, after_ms }, i) =>
      required.findIndex((other) => other.approvals === approvals && other.after_ms === after_ms) === i,
  )
  return [...calls, ...asked, ...needed].sort((a, b) => a.after_ms - b.after_ms)
}

/** The earlier of two times by which something must have happened; null stands for never. */
function soonest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function separationOfBoth(before: SeparationOfDuties, after: SeparationOfDuties): SeparationOfDuties {
  return {
    asker: before.asker || after.asker,
    owner: before.owner || after.owner,
    repeat: before.repeat || after.repeat,
  }
}
