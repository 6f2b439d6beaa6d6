import { rolesIn, type Approval } from '../approval/approval.ts'
import type { Concerned } from '../flow/read.ts'
import type { SlackParts } from './context.ts'
import type { Visitor } from './workspace/workspace.ts'

/**
 * Which approvals may be shown to this person: those of their roles, those they asked for, and those of agents that
 * they own. Admins see all. A role that cannot be read, as its group is gone, keeps nobody from the others.
 */
export async function concerned(
  { workspace, flow }: Pick<SlackParts, 'workspace' | 'flow'>,
  { visitor, is_admin }: { visitor: Visitor; is_admin: boolean },
): Promise<Concerned> {
  if (is_admin) return null
  const { document } = await flow.policy.newest()
  const [ours, ...each] = await Promise.all([
    workspace.membership(visitor, []),
    ...Object.keys(document.roles).map((role) => workspace.membership(visitor, [role])),
  ])
  return {
    roles: each.flatMap((membership) => (membership.readable ? membership.roles : [])),
    slack_user_id: ours.readable ? visitor.slack_user_id : '',
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
