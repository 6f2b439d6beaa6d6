import type { Approval } from './approval.ts'
import type { Change } from './difference.ts'
import { changesOf, effective, isEdited } from './effective.ts'
import { listed, rolesInWords } from './plan.ts'
import { validUntil } from './withdraw.ts'

/**
 * The approval as agents see it, everywhere the same: in answers and in callbacks. Dates become RFC 3339 UTC with
 * milliseconds when it is made JSON. What no feature fills yet is there with its empty value.
 */
export function shape(approval: Approval) {
  const { plan } = approval
  return {
    id: approval.id,
    status: approval.status,
    created_at: approval.created_at,
    expires_at: approval.expires_at,
    decided_at: approval.decided_at,
    agent: { name: approval.agent.name, owner: approval.agent.owner },
    action: approval.action,
    action_digest: approval.action_digest,
    risk: approval.risk,
    environment: approval.environment,
    run_id: approval.run_id,
    on_behalf_of: approval.on_behalf_of,
    subject: approval.subject,
    links: approval.links,
    metadata: approval.metadata,
    state: approval.state,
    retry_of: approval.retry_of,
    allowed_decisions: plan.allowed_decisions,
    policy: { version: plan.policy_version, rule: plan.rule, effect: plan.effect, reason: plan.reason },
    stages: approval.stages.map(({ roles, approvals, status, escalated_to, votes }) => ({
      role: rolesInWords(roles),
      ...(listed(roles).length > 1 ? { roles } : {}),
      approvals,
      status,
      escalated_to,
      votes: votes.map(({ by, vote, comment, at }) => ({ by, vote, comment, at })),
    })),
    escalation: { level: approval.escalation.level, next_at: approval.escalation.next_at },
    unreachable: approval.unreachable,
    decision: approval.decision,
    effective_action: effectiveAction(approval),
    permit: null,
    withdrawn: approval.withdrawn,
    outcome: null,
    callback: approval.callback,
  }
}

export type ApprovalShape = ReturnType<typeof shape>

type EffectiveAction = ReturnType<typeof effective> & {
  edited: boolean
  /** From what was asked for to what may run. */
  changes?: Change[]
  valid_until: Date
}

/** What may run, and until when; null unless approved, and once withdrawn. */
function effectiveAction(approval: Approval): EffectiveAction | null {
  const valid_until = validUntil(approval)
  if (valid_until === null || approval.withdrawn !== null) return null
  const edited = isEdited(approval)
  const changes = edited ? { changes: changesOf(approval) } : {}
  return { ...effective(approval), edited, ...changes, valid_until }
}
