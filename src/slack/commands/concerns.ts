import type { Approval } from '../../approval/approval.ts'
import type { SlackParts } from '../context.ts'
import { rolesIn } from '../workspace/workspace.ts'
import type { Asked } from './command.ts'

/** Whether an approval may be shown to this person: their roles, they asked, or they own the agent. Admins see all. */
export async function concerns(
  { workspace }: SlackParts,
  { visitor, is_admin }: Asked,
  approval: Approval,
): Promise<boolean> {
  if (is_admin) return true
  const membership = await workspace.membership(visitor, rolesIn(approval))
  if (!membership.readable) return false
  return (
    membership.roles.length > 0 ||
    approval.on_behalf_of === visitor.slack_user_id ||
    approval.agent.owner === visitor.slack_user_id
  )
}
