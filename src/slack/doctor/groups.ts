import type { WebClient } from '@slack/web-api'
import type { Expectations } from '../../admin/doctor.ts'
import { fail, ok, type Check } from '../../platform/check.ts'
import { whyFailed } from './refusal.ts'

/** User group → its people; null where user groups could not be read. */
export type GroupUsers = ReadonlyMap<string, readonly string[]> | null

/** For every role's user groups: there, enabled, and not empty. */
export async function examineGroups(
  client: WebClient,
  roles: Expectations['roles'],
): Promise<{ checks: Check[]; users: GroupUsers }> {
  const wanted = roles.flatMap(({ name, groups }) => groups.map((id) => ({ role: name, id })))
  if (wanted.length === 0) return { checks: [], users: new Map() }
  try {
    const { usergroups = [] } = await client.usergroups.list({ include_users: true, include_disabled: true })
    const found = new Map(usergroups.map((group) => [group.id ?? '', group]))
    const checks = wanted.map(({ role, id }) => {
      const check = `user group of ${role}`
      const group = found.get(id)
      if (!group) return fail(check, `there is no user group ${id}`, 'Correct the id in the policy.')
      const name = `@${group.handle} (${id})`
      if ((group.date_delete ?? 0) > 0)
        return fail(check, `${name} is disabled`, 'Enable it in Slack, or take it out of the policy.')
      const size = group.users?.length ?? 0
      return size === 0
        ? fail(check, `${name} has nobody in it`, 'Add people to it in Slack.')
        : ok(check, `${name}, ${size === 1 ? '1 person' : `${size} people`}`)
    })
    const enabled = usergroups.filter((group) => !group.date_delete)
    return { checks, users: new Map(enabled.map((group) => [group.id ?? '', group.users ?? []])) }
  } catch (error) {
    const detail = `could not be read, and nobody may vote for ${[...new Set(wanted.map(({ role }) => role))].join(', ')}: ${whyFailed(error)}`
    return { checks: [fail('user groups', detail)], users: null }
  }
}
