import type { Approval } from './approval.ts'
import type { Change } from './difference.ts'
import { changesOf, effective, isEdited, type EffectiveAction } from './effective.ts'
import { listed, rolesInWords } from './plan.ts'
import { validUntil } from './withdraw.ts'

/**
 * The approval as agents see it, everywhere the same: in answers and in callbacks. Dates become RFC 3339 UTC with
 * milliseconds when it is made JSON.
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
    permit: permit(approval),
    withdrawn: approval.withdrawn,
    outcome: approval.outcome,
    callback: approval.callback,
  }
}

export type ApprovalShape = ReturnType<typeof shape>

type RunnableAction = EffectiveAction & {
  edited: boolean
  /** From what was asked for to what may run. */
  changes?: Change[]
  valid_until: Date
}

/** What may run, and until when; null unless approved, and once withdrawn. It stays when the time is over: a shape tells no time. */
function effectiveAction(approval: Approval): RunnableAction | null {
  const valid_until = validUntil(approval)
  if (valid_until === null || approval.withdrawn !== null) return null
  const edited = isEdited(approval)
  const changes = edited ? { changes: changesOf(approval) } : {}
  return { ...effective(approval), edited, ...changes, valid_until }
}

/** There as long as the effective action is, also once it was used: whoever asks again for the same execution needs it. */
function permit({ permit: given, withdrawn }: Approval): string | null {
  return withdrawn === null ? given : null
}
