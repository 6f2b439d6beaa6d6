import type { WebClient } from '@slack/web-api'
import { votingRoles, type Approval, type Person } from '../../approval/approval.ts'
import type { Membership } from '../../approval/vote.ts'
import type { Flow } from '../../flow/create.ts'
import type { Clock } from '../../platform/clock.ts'
import type { People } from '../views/people.ts'
import { createKept } from './kept.ts'

/** Membership is at most this old (the contract's number); `usergroups.users.list` allows 20 calls a minute. */
const membershipAgeMs = 60_000
const namesAgeMs = 600_000

/** Somebody who clicked or typed, as Slack's request names them. */
export type Visitor = { slack_user_id: string; team_id: string | null }

/** What we need to know of the people in the workspace. */
export type Workspace = {
  /** Which of these roles the visitor is a member of. Somebody from another workspace is a member of none. */
  membership(visitor: Visitor, roles: string[]): Promise<Membership>
  isAdmin(visitor: Visitor): Promise<boolean>
  person(slack_user_id: string): Promise<Person>
  people(ids: string[]): Promise<People>
}

export function createWorkspace(parts: { client: WebClient; clock: Clock; flow: Flow }): Workspace {
  const { client, clock, flow } = parts

  const team = createKept(clock, namesAgeMs, async () => {
    const answer = await client.auth.test()
    return { id: answer.team_id ?? null, url: answer.url ?? 'https://slack.com/' }
  })
  const membersOfGroup = createKept(clock, membershipAgeMs, async (usergroup) => {
    const { users } = await client.usergroups.users.list({ usergroup })
    return new Set(users ?? [])
  })
  const nameOf = createKept(clock, namesAgeMs, async (user) => {
    const { user: found } = await client.users.info({ user })
    return found?.real_name || found?.profile?.display_name || found?.name || user
  })

  async function isMember(slack_user_id: string, role: string): Promise<boolean> {
    const { document } = await flow.policy.newest()
    const members = document.roles[role]?.members ?? []
    // Every group is read even where the person is listed by name: a role that cannot be read lets nobody vote.
    const groups = await Promise.all(
      members.filter((id) => id.startsWith('S')).map((id) => membersOfGroup(id)),
    )
    return members.includes(slack_user_id) || groups.some((group) => group.has(slack_user_id))
  }

  async function isOurs(visitor: Visitor): Promise<boolean> {
    return visitor.team_id === (await team('')).id
  }

  async function name(id: string): Promise<string> {
    return nameOf(id).catch(() => id)
  }

  return {
    async membership(visitor, roles) {
      try {
        if (!(await isOurs(visitor))) return { readable: true, roles: [] }
        const held = await Promise.all(
          roles.map(async (role) => ((await isMember(visitor.slack_user_id, role)) ? [role] : [])),
        )
        return { readable: true, roles: held.flat() }
      } catch (error) {
        return { readable: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
    async isAdmin(visitor) {
      const { document } = await flow.policy.newest()
      return document.admins.includes(visitor.slack_user_id) && (await isOurs(visitor))
    },
    async person(slack_user_id) {
      return { slack_user_id, name: await name(slack_user_id) }
    },
    async people(ids) {
      const known = await Promise.all([...new Set(ids)].map(async (id) => [id, await name(id)] as const))
      const { url } = await team('').catch(() => ({ url: 'https://slack.com/' }))
      return { team_url: url, names: Object.fromEntries(known) }
    },
  }
}

/** Everybody that the views of an approval name. */
export function namedIn(approval: Approval): string[] {
  const voters = approval.stages.flatMap((stage) => stage.votes.map((vote) => vote.by.slack_user_id))
  const decider = approval.decision?.by.type === 'human' ? [approval.decision.by.slack_user_id] : []
  return [
    approval.agent.owner,
    ...(approval.on_behalf_of === null ? [] : [approval.on_behalf_of]),
    ...voters,
    ...decider,
  ]
}

/** The roles whose members have a say in an approval, at any of its stages. */
export function rolesIn(approval: Approval): string[] {
  return [...new Set(approval.stages.flatMap(votingRoles))]
}
