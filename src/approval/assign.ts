import type { Approval, Person } from './approval.ts'
import {
  formOpened,
  heldRoles,
  human,
  refuseClick,
  refusedClick,
  type ClickInput,
  type Membership,
  type Refusal,
} from './click.ts'
import type { Outcome } from './decide.ts'
import { excluded } from './vote.ts'

/**
 * An approver asks a colleague in particular. `begin_assign` is the click that opens the form for whom. It gives nobody a
 * right and takes none: who may vote is decided at the vote.
 */
export type AssignInput = ClickInput &
  ({ type: 'begin_assign' } | { type: 'assign'; to: Person; to_membership: Membership })

export function assign(approval: Approval, input: AssignInput, now: Date): Outcome {
  const because = refuseClick(approval, input)
  if (because !== null) return refusedClick(approval, input, 'assign', because)
  if (input.type === 'begin_assign') return formOpened(approval, input, 'assign')
  const { by, stage, to, to_membership } = input
  const refusal = refuseAssignee(approval, stage, to, to_membership)
  if (refusal !== null) {
    const refused = refusedClick(approval, input, 'assign', refusal)
    return { ...refused, reply: { counted: false, because: refusal, detail: to.name } }
  }
  const roles = heldRoles(approval.stages[stage]!, to_membership)
  return {
    next: { ...approval, assigned: { to, by, roles, at: now } },
    facts: [{ type: 'approval.assigned', actor: human(by), data: { stage, to, roles } }],
    effects: [{ do: 'show_cards' }],
    reply: { counted: true },
  }
}

/** Nobody is asked for what they could not give. */
function refuseAssignee(
  approval: Approval,
  stage: number,
  to: Person,
  membership: Membership,
): Refusal | null {
  if (approval.assigned?.to.slack_user_id === to.slack_user_id) return 'assigned_already'
  if (!membership.readable) return 'membership_unreadable'
  const may =
    heldRoles(approval.stages[stage]!, membership).length > 0 &&
    excluded(approval, stage, to.slack_user_id) === null
  return may ? null : 'assignee_may_not'
}
