import type { Role } from '../../flow/current-policy.ts'

/** Whom a role's first post pings, as mrkdwn, by the role's own setting; null for nobody. */
export function mentionOf(role: Role): string | null {
  switch (role.mention) {
    case 'here':
      return '<!here>'
    case 'group':
      return everybody([{ ...role, members: [] }])
    case 'members':
      return everybody([role])
    case 'none':
      return null
  }
}

/** Pings all members of roles: their groups and their users, each once. */
export function everybody(roles: readonly Pick<Role, 'members' | 'groups'>[]): string | null {
  const groups = roles.flatMap((role) => role.groups.map((id) => `<!subteam^${id}>`))
  const members = roles.flatMap((role) => role.members.map((id) => `<@${id}>`))
  const tokens = [...new Set([...groups, ...members])]
  return tokens.length === 0 ? null : tokens.join(' ')
}
