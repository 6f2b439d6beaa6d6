import type { Expectations } from '../../admin/doctor.ts'
import { fill, placesOf, type Approver, type Place } from '../../approval/places.ts'
import { listed, rolesInWords } from '../../approval/plan.ts'
import { ok, warn, type Check } from '../../platform/check.ts'
import type { GroupUsers } from './groups.ts'

type Need = Expectations['needs'][number]

/**
 * Whether each stage of each rule has enough people, also once an agent's owner is taken away. A hint only: who asked
 * and who voted at an earlier stage is not counted, nor are holidays.
 */
export function examineEnough(
  { needs, roles, agents }: Expectations,
  groups: GroupUsers,
  cannot_vote: ReadonlySet<string>,
): Check[] {
  // How many a role has is not known where its user groups could not be read, which is said elsewhere.
  const known = roles.filter((role) => groups !== null || role.groups.length === 0)
  const voters = new Map(
    known.map(({ name, members, groups: ids }) => {
      const all = new Set([...members, ...ids.flatMap((id) => groups?.get(id) ?? [])])
      return [name, [...all].filter((id) => !cannot_vote.has(id))]
    }),
  )
  const judged = needs.filter(({ roles: asked }) => listed(asked).every((role) => voters.has(role)))
  const hints = judged.flatMap((need) => hintsOn(need, peopleOf(need, voters), agents))
  if (hints.length > 0) return hints
  return judged.length > 0 && judged.length === needs.length
    ? [ok('approvers', 'enough for every rule, whichever agent asks')]
    : []
}

/** Who can vote on what a stage asks, each with their roles. */
function peopleOf({ roles }: Need, voters: ReadonlyMap<string, readonly string[]>): Approver[] {
  const held = new Map<string, string[]>()
  for (const role of listed(roles))
    for (const id of voters.get(role) ?? []) held.set(id, [...(held.get(id) ?? []), role])
  return [...held].map(([slack_user_id, of]) => ({ slack_user_id, roles: of }))
}

function hintsOn(need: Need, people: Approver[], agents: Expectations['agents']): Check[] {
  const { rule, roles, approvals, owner_barred } = need
  const check = `approvers of ${rule}`
  const remedy = 'Add people to the role, or ask for fewer.'
  const asks = `asks for ${approvals} of ${rolesInWords(roles)}, where`
  const places = placesOf({ roles, approvals, escalated_to: [] })
  const isEnough = (some: Approver[]) => fill(places, some) === places.length
  if (!isEnough(people)) return [warn(check, `${asks} ${count(people, places)} can vote`, remedy)]
  if (!owner_barred) return []
  const without = (owner: string) => people.filter(({ slack_user_id }) => slack_user_id !== owner)
  const stuck = agents.filter(({ owner }) => !isEnough(without(owner)))
  const [first] = stuck
  if (!first) return []
  const names = stuck.map(({ name }) => name).join(', ')
  const who = count(without(first.owner), places)
  return [
    warn(check, `${asks} ${who} can vote on what ${names} ask, because the agent’s owner may not`, remedy),
  ]
}

/** One person for one role: of several who are all of the same role, only so many count. */
function count(people: Approver[], places: Place[]): string {
  const can = fill(places, people)
  return can === 0 ? 'nobody' : `only ${can}`
}
