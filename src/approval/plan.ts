import type { Hours } from './hours.ts'
import type { Mask } from './masks.ts'

/**
 * What the policy answered for one request. It is copied onto the approval when it is opened and never changes with the
 * policy; an edit asks the policy anew, and puts both answers together.
 */
export type Plan = {
  policy_version: number
  /** The rule that matched, null where the document's defaults decided. */
  rule: string | null
  effect: PolicyEffect
  /** Why the rule says so, in the policy author's words. */
  reason: string | null
  /** In order; empty unless `effect` is `require_approval`. */
  stages: PlanStage[]
  /** How long the approval may stay pending, from its creation, in milliseconds. */
  expires_in_ms: number
  /** How long an approved action may be acted on, from the decision, in milliseconds. */
  valid_for_ms: number
  /** By when an approved action's outcome must be reported, from the decision, in milliseconds; null where it need not be. */
  outcome_within_ms: number | null
  on_timeout: 'expire' | 'reject'
  /** The ladder that each stage climbs anew while it waits, in the order of `after_ms`. */
  escalation: Rung[]
  /** By how much an approver may move the end once, in milliseconds; null where nobody may. */
  extend_ms: number | null
  /** The hours of those roles in the plan that have any. */
  hours: Record<string, Hours>
  separation_of_duties: SeparationOfDuties
  allowed_decisions: AllowedDecision[]
  /** Whether who approves must say why. */
  require_reason: boolean
  /** What somebody who rejects can choose from, beside their own words. */
  reject_reasons: CannedReason[]
  /** Whether it asks for who asked: without that its effect is `deny`, whatever the rule's. */
  require_on_behalf_of: boolean
  /** The arguments that an edit may change, by their keys; it may also add or take away these. */
  editable: string[]
  /** Whether the policy names people who may approve alone in an emergency. Who they are is read when somebody does. */
  break_glass: boolean
  /** Whether only those may approve who have opened Details of the request as it is now. */
  require_details_opened: boolean
  /** The places of the request whose values nobody is shown. */
  masked: Mask[]
}

/**
 * What happens when a stage has waited for `after_ms` from its opening. A reminder that repeats is as many rungs.
 * `require` can only ask for more approvals, never for fewer: nothing is approved by silence.
 */
export type Rung = { after_ms: number } & (
  { do: 'remind' } | { do: 'mention' } | { do: 'escalate'; to: string } | { do: 'require'; approvals: number }
)

/** A reason in the policy author's words, and whether the agent may ask again after it; null where that is left open. */
export type CannedReason = { reason: string; retry: Retry | null }

/** What a rejected agent is told about asking again: not at all, or with something changed. */
export type Retry = 'never' | 'after_change'

export type PolicyEffect = 'allow' | 'deny' | 'require_approval'

export type AllowedDecision = 'approve' | 'edit' | 'reject'

export type PlanStage = {
  roles: StageRoles
  /** How many distinct approvers this stage needs: at least 1, and with `all` at least one for each role. */
  approvals: number
}

/** Whose members a stage asks: any of the roles, or at least one of each. A stage over one role has `any` of it. */
export type StageRoles = { any: string[] } | { all: string[] }

/** The roles of a stage, in the document's order. */
export function listed(roles: StageRoles): string[] {
  return 'all' in roles ? roles.all : roles.any
}

/** `finance`, `finance or legal`, `finance, legal and ops`. */
export function rolesInWords(roles: StageRoles): string {
  const names = listed(roles)
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${'all' in roles ? 'and' : 'or'} ${last}`
}

/** A stage as it was written while it could have one role only: rows and audit events of that time stay as they are. */
export type OfOneRole = { role: string }

/** The roles of a stage, whenever it was written. */
export function writtenRoles(stage: { roles: StageRoles } | OfOneRole): StageRoles {
  return 'roles' in stage ? stage.roles : { any: [stage.role] }
}

/** Who is kept from approving. `true` means that the separation holds. */
export type SeparationOfDuties = {
  /** The human who asked for the action (`on_behalf_of`) may not approve it. */
  asker: boolean
  /** The agent's owner may not approve it. */
  owner: boolean
  /** Whoever approved one stage may not approve another. */
  repeat: boolean
}
