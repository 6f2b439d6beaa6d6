import type { Role } from '../../flow/current-policy.ts'

/** Whom a card pings when it is first posted, as mrkdwn, by the settings of the roles that it is for; null for nobody. */
export function mentionOf(roles: readonly Role[]): string | null {
  const tokens = roles.flatMap((role) => tokensOf(role) ?? [])
  return tokens.length === 0 ? null : [...new Set(tokens)].join(' ')
}

function tokensOf(role: Role): string | null {
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
