import type { PolicyDocument } from './document.ts'

/** Who answers for a role. The members of `groups` are Slack's to say, at the moment of the click. */
export type Role = {
  name: string
  channel: string
  members: string[]
  groups: string[]
  /** Whom the first post of a card pings. */
  mention: 'none' | 'group' | 'members' | 'here'
}

/** The role of that name with its users (`U…`, `W…`) apart from its user groups (`S…`), or null where there is none. */
export function role(document: PolicyDocument, name: string): Role | null {
  // A name like `constructor` must not find what every object inherits.
  const found = Object.hasOwn(document.roles, name) ? document.roles[name] : undefined
  if (!found) return null
  const { users, groups } = splitMembers(found.members)
  return { name, channel: found.channel, members: users, groups, mention: found.mention ?? 'none' }
}

/** Every role, in the document's order. */
export function rolesOf(document: PolicyDocument): Role[] {
  return Object.keys(document.roles).flatMap((name) => role(document, name) ?? [])
}

/** The Slack user ids of those who may do everything `/countersign` can. */
export function adminsOf(document: PolicyDocument): string[] {
  return document.admins
}

/** The Slack user ids of those who may approve alone in an emergency. */
export function breakGlassOf(document: PolicyDocument): string[] {
  return document.break_glass ?? []
}

/** Whether a change of the policy counts only once another admin has confirmed it. */
export function asksSecondAdmin({ policy_changes }: PolicyDocument): boolean {
  return policy_changes?.second_admin ?? false
}

export function isGroup(member: string): boolean {
  return member.startsWith('S')
}

export function splitMembers(members: readonly string[]): { users: string[]; groups: string[] } {
  return { users: members.filter((member) => !isGroup(member)), groups: members.filter(isGroup) }
}
