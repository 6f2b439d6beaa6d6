import type { Cost } from '../approval/approval.ts'
import type { OfOneRole, PolicyEffect, StageRoles } from '../approval/plan.ts'

/** What is read of an audit event to count it: of these types and no others. */
export type Counted = { seq: number; at: Date; by: CountedActor } & (
  | {
      type: 'approval.requested' | 'action.edited'
      data: { effect: PolicyEffect; stages: ({ roles: StageRoles } | OfOneRole)[] }
    }
  | { type: `approval.${Ending}` }
  | { type: 'stage.met' | 'step.escalated'; data: { stage: number } }
  /** `voted_before` is when the same person voted last before, on whatever. */
  | { type: 'vote.cast'; data: { vote: 'approve' | 'reject' }; voted_before: Date | null }
  | { type: 'callback.tried'; data: { callback_status: 'pending' | 'delivered' | 'failed' } }
  | {
      type: 'outcome.reported'
      data: { status: 'succeeded' | 'failed' | 'skipped'; attempts: number | null; cost: Cost | null }
    }
  | { type: 'glass.broken' | 'permit.consumed' | 'outcome.missed' | 'auditor.repaired' }
)

export type Ending = 'approved' | 'rejected' | 'expired' | 'cancelled'

/** Who did it: `slack_user_id` of a person, `version` of a policy. */
export type CountedActor = { type: string; slack_user_id?: string; version?: number }

export const countedTypes: readonly Counted['type'][] = [
  'approval.requested',
  'action.edited',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'approval.cancelled',
  'stage.met',
  'step.escalated',
  'vote.cast',
  'glass.broken',
  'callback.tried',
  'outcome.reported',
  'outcome.missed',
  'permit.consumed',
  'auditor.repaired',
]
