import { votingRoles, type StageState } from './approval.ts'

/** What a stage asks for at the moment. */
export type Demand = Pick<StageState, 'roles' | 'approvals' | 'escalated_to'>

/** Somebody who approved a stage, or could, with those of its roles that they are a member of. */
export type Approver = { slack_user_id: string; roles: readonly string[] }

/** What one person's approval can fill: a member of any of these roles may. */
export type Place = readonly string[]

/**
 * A stage as places, one for each approval that it needs: it is met once each is taken by another person. With `all` each
 * role has a place of its own, which a member of a role that the stage was escalated to may take too: that is what
 * escalating is for.
 */
export function placesOf({ roles, approvals, escalated_to }: Demand): Place[] {
  const own = 'all' in roles ? roles.all.map((role) => [role, ...escalated_to]) : []
  const anybody = votingRoles({ roles, escalated_to })
  return [...own, ...Array.from({ length: Math.max(0, approvals - own.length) }, () => anybody)]
}

/**
 * How many places can be taken at once, each by another person. The order of the people changes nothing: whoever sits
 * where somebody else is needed moves on to another place that is theirs (augmenting paths of a bipartite matching).
 */
export function fill(places: readonly Place[], people: readonly Approver[]): number {
  const seats = new Map<Approver, number>()
  const seat = (place: number, asked: Set<Approver>): boolean => {
    const fitting = people.filter(({ roles }) => roles.some((role) => places[place]?.includes(role)))
    const free = fitting.find((who) => !seats.has(who))
    const sitter =
      free ??
      fitting.find((who) => {
        if (asked.has(who)) return false
        asked.add(who)
        return seat(seats.get(who) ?? place, asked)
      })
    if (sitter) seats.set(sitter, place)
    return sitter !== undefined
  }
  return places.filter((_, place) => seat(place, new Set())).length
}

/** Those who approved a stage, each once. */
export function approversOf({ votes }: Pick<StageState, 'votes'>): Approver[] {
  const roles = new Map<string, string[]>()
  for (const { by, vote, roles: held } of votes)
    if (vote === 'approve') roles.set(by.slack_user_id, [...(roles.get(by.slack_user_id) ?? []), ...held])
  return [...roles].map(([slack_user_id, held]) => ({ slack_user_id, roles: held }))
}

/** How many of the approvals that a stage needs it has: nobody counts for two roles. */
export function counted(stage: StageState): number {
  return fill(placesOf(stage), approversOf(stage))
}

/** How many more people must approve a stage, at the least. */
export function missing(stage: StageState): number {
  return placesOf(stage).length - counted(stage)
}

/** The one place where it is decided whether a stage has its approvals. */
export function isMet(stage: StageState): boolean {
  return missing(stage) === 0
}

/** The roles that are still waited for: those of which one more approval would help. */
export function awaitedRoles(stage: StageState): string[] {
  const [places, approvers, so_far] = [placesOf(stage), approversOf(stage), counted(stage)]
  return votingRoles(stage).filter(
    (role) => fill(places, [...approvers, { slack_user_id: '', roles: [role] }]) > so_far,
  )
}
