import type { Approval, JsonObject } from './approval.ts'
import { difference, type Change } from './difference.ts'
import { isArgumentHidden } from './masks.ts'

/** What runs if the approval is approved, and nothing else. `digest` is that of the tool with these arguments. */
export type EffectiveAction = { tool: string; arguments: JsonObject; digest: string }

/** As it was asked for, or as it was edited last. */
export function effective({ action, action_digest, edited }: Approval): EffectiveAction {
  const { tool } = action
  return edited === null
    ? { tool, arguments: action.arguments, digest: action_digest }
    : { tool, arguments: edited.arguments, digest: edited.digest }
}

/** Whether what is decided upon is something else than what the agent asked for; it may have been edited and edited back. */
export function isEdited({ action_digest, edited }: Approval): boolean {
  return edited !== null && edited.digest !== action_digest
}

/** What all edits together changed. */
export function changesOf(approval: Approval): Change[] {
  return difference(approval.action.arguments, effective(approval).arguments)
}

/**
 * Whether anybody may approve it as it is. Where only editing is allowed, approving is for what was edited: it is what
 * the agent said it can act on.
 */
export function canBeApproved(approval: Approval): boolean {
  return approval.plan.allowed_decisions.includes('approve') || isEdited(approval)
}

/** Whether anybody may edit it: where the agent and the rule allow it, and the rule lists what. */
export function canBeEdited(approval: Pick<Approval, 'edited' | 'plan'>): boolean {
  return approval.plan.allowed_decisions.includes('edit') && editableKeys(approval).length > 0
}

/** The arguments that an edit may change: those that the rule lists, but for what nobody is shown. */
export function editableKeys(approval: Pick<Approval, 'edited' | 'plan'>): string[] {
  return approval.plan.editable.filter((key) => !isArgumentHidden(approval, key))
}
