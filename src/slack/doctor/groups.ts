import type { UsergroupsListResponse, WebClient } from '@slack/web-api'
import type { Expectations } from '../../admin/doctor.ts'
import { fail, ok, type Check } from '../../platform/check.ts'
import { whyFailed } from './refusal.ts'

/** User group → its people; null where user groups could not be read. */
export type GroupUsers = ReadonlyMap<string, readonly string[]> | null

export type Group = NonNullable<UsergroupsListResponse['usergroups']>[number]

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
      const trouble = groupTrouble(id, group)
      if (trouble) return fail(check, trouble.detail, trouble.remedy)
      const size = group?.users?.length ?? 0
      return ok(check, `@${group?.handle} (${id}), ${size === 1 ? '1 person' : `${size} people`}`)
    })
    const enabled = usergroups.filter((group) => !group.date_delete)
    return { checks, users: new Map(enabled.map((group) => [group.id ?? '', group.users ?? []])) }
  } catch (error) {
    const detail = `could not be read, and nobody may vote for ${[...new Set(wanted.map(({ role }) => role))].join(', ')}: ${whyFailed(error)}`
    return { checks: [fail('user groups', detail)], users: null }
  }
}

/** What is the matter with a user group; null where nothing is. */
export function groupTrouble(
  id: string,
  group: Group | undefined,
): { detail: string; remedy: string } | null {
  if (!group) return { detail: `there is no user group ${id}`, remedy: 'Correct the id in the policy.' }
  const name = `@${group.handle} (${id})`
  if ((group.date_delete ?? 0) > 0)
    return { detail: `${name} is disabled`, remedy: 'Enable it in Slack, or take it out of the policy.' }
  return (group.users?.length ?? 0) === 0
    ? { detail: `${name} has nobody in it`, remedy: 'Add people to it in Slack.' }
    : null
}
