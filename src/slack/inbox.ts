import { openStage, votingRoles, type Approval } from '../approval/approval.ts'
import { isIrreplaceable, waitsFor } from '../approval/waiting.ts'
import type { Admin } from '../admin/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { Clock } from '../platform/clock.ts'
import type { Inbox } from './views/home/home.ts'
import type { Visitor, Workspace } from './workspace/workspace.ts'

/** So many requests are on a Home, and so many in its roles are looked at to find them. */
const mostWaiting = 20
const mostLookedAt = 100

const mostDecided = 8
/** How long ago what somebody decided is of late, in milliseconds. */
const lateMs = 7 * 86_400_000

/** Of which roles somebody is, and of which Slack does not say so. */
export type Standing = { roles: string[]; unread: string[]; is_admin: boolean; admins: string[] }

export async function standingOf(
  { workspace, flow }: { workspace: Workspace; flow: Flow },
  visitor: Visitor,
): Promise<Standing> {
  const { document } = await flow.policy.newest()
  const all = Object.keys(document.roles)
  const [is_admin, ...each] = await Promise.all([
    workspace.isAdmin(visitor).catch(() => false),
    ...all.map((role) => workspace.membership(visitor, [role])),
  ])
  return {
    roles: each.flatMap((membership) => (membership.readable ? membership.roles : [])),
    unread: all.filter((_, i) => !each[i]?.readable),
    is_admin,
    admins: document.admins,
  }
}

/** Everything that is on somebody's Home, as it is committed now. */
export async function readInbox(
  parts: { workspace: Workspace; flow: Flow; admin: Admin; clock: Clock },
  { slack_user_id }: Visitor,
  { roles, unread, is_admin, admins }: Standing,
): Promise<Inbox> {
  const { flow, admin, clock } = parts
  const now = clock.now()
  const [inRoles, decided, freezes, company] = await Promise.all([
    flow.homes.waitingIn(roles, mostLookedAt),
    flow.homes.decidedBy(slack_user_id, new Date(now.getTime() - lateMs), mostDecided),
    admin.freezes(),
    is_admin ? flow.homes.countWaiting() : null,
  ])
  const found = inRoles.approvals.filter((approval) => waitsFor(approval, { slack_user_id, roles }, now))
  const isAssigned = ({ assigned }: Approval) => assigned?.to.slack_user_id === slack_user_id
  const theirs = [...found.filter(isAssigned), ...found.filter((approval) => !isAssigned(approval))]
  const looked = await Promise.all(
    theirs.map(async (approval) => ({
      approval,
      alone: await isLeftTo(parts.workspace, approval, slack_user_id),
    })),
  )
  const alone = looked.flatMap(({ approval, alone }) => (alone ? [approval] : []))
  const others = looked.flatMap(({ approval, alone }) => (alone ? [] : [approval]))
  const irreplaceable = alone.slice(0, mostWaiting)
  const waiting = others.slice(0, mostWaiting - irreplaceable.length)
  const leftOut = theirs.length - irreplaceable.length - waiting.length
  const unseen = inRoles.count - inRoles.approvals.length
  return {
    slack_user_id,
    roles,
    unread,
    irreplaceable,
    waiting,
    more: leftOut + unseen,
    decided,
    freezes,
    company,
    admins,
  }
}

/** Whether nobody could take their place; false where Slack does not say who else there is. */
async function isLeftTo(workspace: Workspace, approval: Approval, slack_user_id: string): Promise<boolean> {
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  if (open === null || !stage) return false
  const { voters, problems } = await workspace.reach(approval, open)
  const unknown = votingRoles(stage).some((role) => Object.hasOwn(problems, role))
  return voters !== null && !unknown && isIrreplaceable(stage, voters, slack_user_id)
}
