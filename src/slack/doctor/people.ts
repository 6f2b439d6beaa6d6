import type { UsersInfoResponse, WebClient } from '@slack/web-api'
import type { Expectations } from '../../admin/doctor.ts'
import { fail, ok, warn, type Check } from '../../platform/check.ts'
import { refusalOf, whyFailed } from './refusal.ts'

type User = NonNullable<UsersInfoResponse['user']>

/** What is the matter with somebody; null where nothing is. */
export type Trouble = { status: 'warn' | 'fail'; detail: string } | null

type Place = { check: string; ids: string[]; remedy: string }

/** Everybody whom the policy and the agents name: known to Slack, active, human, and of this workspace. */
export async function examinePeople(
  client: WebClient,
  { roles, admins, agents }: Expectations,
  team_id: string,
): Promise<{ checks: Check[]; cannot_vote: ReadonlySet<string> }> {
  const places: Place[] = [
    ...roles.map(({ name, members }) => ({
      check: `members of ${name}`,
      ids: members,
      remedy: 'Take them out of the role in the policy, or correct the id.',
    })),
    { check: 'admins', ids: admins, remedy: 'Name others in the policy’s admins, or correct the id.' },
    ...agents.map(({ name, owner }) => ({
      check: `owner of ${name}`,
      ids: [owner],
      remedy: 'Add the agent anew with an owner who answers for it.',
    })),
  ].filter(({ ids }) => ids.length > 0)
  const everyone = [...new Set(places.flatMap(({ ids }) => ids))]
  const troubles = new Map(
    await Promise.all(everyone.map(async (id) => [id, await troubleOf(client, id, team_id)] as const)),
  )
  return {
    checks: places.flatMap((place) => placeChecks(place, troubles)),
    cannot_vote: new Set(everyone.filter((id) => troubles.get(id)?.status === 'fail')),
  }
}

function placeChecks({ check, ids, remedy }: Place, troubles: ReadonlyMap<string, Trouble>): Check[] {
  const found = ids.flatMap((id) => {
    const trouble = troubles.get(id)
    if (!trouble) return []
    return [(trouble.status === 'fail' ? fail : warn)(check, trouble.detail, remedy)]
  })
  return found.length > 0 ? found : [ok(check, ids.join(', '))]
}

async function troubleOf(client: WebClient, id: string, team_id: string): Promise<Trouble> {
  try {
    return await personTrouble(client, id, team_id)
  } catch (error) {
    return { status: 'fail', detail: `${id} could not be read: ${whyFailed(error)}` }
  }
}

/** What is the matter with somebody; `fail` where they can decide nothing. Throws where Slack does not say. */
export async function personTrouble(client: WebClient, id: string, team_id: string): Promise<Trouble> {
  try {
    const { user } = await client.users.info({ user: id })
    return user ? troubleWith(user, `${user.real_name || user.name} (${id})`, team_id) : null
  } catch (error) {
    if (refusalOf(error) !== 'user_not_found') throw error
    return { status: 'fail', detail: `there is nobody with the id ${id}` }
  }
}

function troubleWith(user: User, name: string, team_id: string): Trouble {
  if (user.deleted) return { status: 'fail', detail: `${name} is deactivated` }
  if (user.is_bot) return { status: 'fail', detail: `${name} is a bot` }
  // On Enterprise Grid, somebody's home workspace may be another one of the same organisation.
  const ours = user.team_id === team_id || user.enterprise_user?.teams?.includes(team_id)
  if (user.is_stranger || !ours)
    return { status: 'fail', detail: `${name} is of another workspace, and can decide nothing` }
  if (user.is_restricted || user.is_ultra_restricted) return { status: 'warn', detail: `${name} is a guest` }
  return null
}
