import { votingRoles } from '../approval/approval.ts'
import { fill, placesOf, type Approver } from '../approval/places.ts'
import { listed, rolesInWords, type PlanStage } from '../approval/plan.ts'

/** Who is in a role: Slack user ids, or null where that is not known. */
export type MembersOf = (role: string) => readonly string[] | null

/** What a rule asks of people. `to` are the roles that its ladder leads to. */
export type Asked = { stages: readonly PlanStage[]; to: readonly string[]; repeat_barred: boolean }

/**
 * The first stage that can never be met, however far its ladder is climbed, and why: its roles have too few people, with
 * the stages before it where nobody may approve two. Null where each can, as far as is known.
 */
export function tooFew(
  { stages, to, repeat_barred }: Asked,
  membersOf: MembersOf,
): { stage: number; why: string } | null {
  const demands = stages.map((stage) => ({
    ...stage,
    escalated_to: to.filter((role) => !listed(stage.roles).includes(role)),
  }))
  for (const [index, demand] of demands.entries()) {
    const together = repeat_barred ? demands.slice(0, index + 1) : [demand]
    const places = together.flatMap(placesOf)
    const roles = [...new Set(together.flatMap(votingRoles))]
    if (fill(places, peopleOf(roles, membersOf, places.length)) === places.length) continue
    const own = votingRoles(demand)
    const people = new Set(own.flatMap((role) => membersOf(role) ?? [])).size
    const { approvals } = demand
    const before =
      places.length === approvals ? '' : `, with the stages before it ${places.length} different people,`
    const where = `${own.length === 1 ? own[0] : rolesInWords({ all: own })} ${own.length === 1 ? 'has' : 'have'} ${people}`
    const but = people < places.length ? '' : ', and nobody counts twice'
    return { stage: index, why: `asks for ${approvals}${before} where ${where}${but}` }
  }
  return null
}

/** Everybody in some roles. Of a role that is not known there are enough. */
function peopleOf(roles: readonly string[], membersOf: MembersOf, enough: number): Approver[] {
  const held = new Map<string, string[]>()
  for (const role of roles)
    for (const id of membersOf(role) ?? Array.from({ length: enough }, (_, i) => `${i} of ${role}`))
      held.set(id, [...(held.get(id) ?? []), role])
  return [...held].map(([slack_user_id, of]) => ({ slack_user_id, roles: of }))
}
