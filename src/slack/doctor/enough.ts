import type { Expectations } from '../../admin/doctor.ts'
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
  const judged = needs.filter((need) => voters.has(need.role))
  const hints = judged.flatMap((need) => hintsOn(need, voters.get(need.role) ?? [], agents))
  if (hints.length > 0) return hints
  return judged.length > 0 && judged.length === needs.length
    ? [ok('approvers', 'enough for every rule, whichever agent asks')]
    : []
}

function hintsOn(need: Need, voters: string[], agents: Expectations['agents']): Check[] {
  const { rule, role, approvals, owner_barred } = need
  const check = `approvers of ${rule}`
  const remedy = 'Add people to the role, or ask for fewer.'
  if (voters.length < approvals)
    return [warn(check, `asks for ${approvals} of ${role}, where ${count(voters.length)} can vote`, remedy)]
  if (!owner_barred || voters.length > approvals) return []
  const stuck = agents.filter(({ owner }) => voters.includes(owner)).map(({ name }) => name)
  if (stuck.length === 0) return []
  return [
    warn(
      check,
      `asks for ${approvals} of ${role}, where ${count(voters.length - 1)} can vote on what ${stuck.join(', ')} ask, because the agent’s owner may not`,
      remedy,
    ),
  ]
}

function count(people: number): string {
  return people === 0 ? 'nobody' : `only ${people}`
}
