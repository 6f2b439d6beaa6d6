import type { Foreseen } from '../flow/foresee.ts'
import { listed, rolesInWords } from '../approval/plan.ts'
import type { DueRung } from '../approval/schedule.ts'
import type { StageState } from '../approval/approval.ts'
import type { StageProspect } from '../flow/prospects.ts'

/**
 * What would become of a request, as its agent sees it. Who is in a role is not its business: roles and numbers are all
 * that it learns. Times are as if it was asked for now, durations are seconds.
 */
export function previewShape({ approval, tried, freeze, prospects }: Foreseen) {
  const { plan, decision } = approval
  return {
    status: approval.status,
    action_digest: approval.action_digest,
    allowed_decisions: plan.allowed_decisions,
    policy: { version: plan.policy_version, rule: plan.rule, effect: plan.effect, reason: plan.reason },
    tried,
    stages: approval.stages.map((stage, index) => stageShape(stage, prospects.stages[index], index === 0)),
    can_be_met: prospects.can_be_met,
    problem: prospects.problem,
    expires_at: approval.expires_at,
    on_timeout: plan.on_timeout,
    extend: plan.extend_ms === null ? null : plan.extend_ms / 1_000,
    valid_for: plan.valid_for_ms / 1_000,
    decision: decision && { by: decision.by, reason: decision.reason },
    freeze: freeze && { reason: freeze.reason, at: freeze.at },
  }
}

function stageShape({ roles, approvals }: StageState, prospect: StageProspect | undefined, is_open: boolean) {
  return {
    role: rolesInWords(roles),
    ...(listed(roles).length > 1 ? { roles } : {}),
    approvals,
    eligible: prospect?.voters?.length ?? null,
    can_be_met: prospect?.can_be_met ?? null,
    problem: prospect?.problem ?? null,
    moves_on_to: prospect?.moves_on_to ?? [],
    escalation: (prospect?.ladder ?? []).map((due) => rungShape(due, is_open)),
  }
}

/** When a later stage opens is not known, and so neither are the times of its ladder. */
function rungShape({ rung, at }: DueRung, is_open: boolean) {
  const { after_ms, ...what } = rung
  return { ...what, after: after_ms / 1_000, at: is_open ? at : null }
}
