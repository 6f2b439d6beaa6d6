import { rolesIn, type Approval } from '../../approval/approval.ts'
import type { Concerned } from '../../flow/read.ts'
import type { SlackParts } from '../context.ts'
import type { Asked } from './command.ts'

/**
 * Which approvals may be shown to this person: those of their roles, those they asked for, and those of agents that
 * they own. Admins see all.
 */
export async function concerned(
  { workspace, flow }: SlackParts,
  { visitor, is_admin }: Asked,
): Promise<Concerned> {
  if (is_admin) return null
  const { document } = await flow.policy.newest()
  const membership = await workspace.membership(visitor, Object.keys(document.roles))
  return {
    roles: membership.readable ? membership.roles : [],
    slack_user_id: membership.readable ? visitor.slack_user_id : '',
  }
}

/** Whether one approval does. */
export function concerns(concerned: Concerned, approval: Approval): boolean {
  if (concerned === null) return true
  const { roles, slack_user_id } = concerned
  return (
    rolesIn(approval).some((role) => roles.includes(role)) ||
    approval.on_behalf_of === slack_user_id ||
    approval.agent.owner === slack_user_id
  )
}
