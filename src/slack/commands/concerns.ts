import type { Approval } from '../../approval/approval.ts'
import type { SlackParts } from '../context.ts'
import { rolesIn } from '../workspace/workspace.ts'
import type { Asked } from './command.ts'

/**
 * Which approvals may be shown to this person: those of their roles, those they asked for, and those of agents that
 * they own. Admins see all. Who they are is read once, however many approvals are looked at.
 */
export async function concerning(
  { workspace, flow }: SlackParts,
  { visitor, is_admin }: Asked,
): Promise<(approval: Approval) => boolean> {
  if (is_admin) return () => true
  const { document } = await flow.policy.newest()
  const membership = await workspace.membership(visitor, Object.keys(document.roles))
  if (!membership.readable) return () => false
  const held = new Set(membership.roles)
  const id = visitor.slack_user_id
  return (approval) =>
    rolesIn(approval).some((role) => held.has(role)) ||
    approval.on_behalf_of === id ||
    approval.agent.owner === id
}
