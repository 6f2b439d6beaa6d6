import type { WebClient } from '@slack/web-api'
import { votingRoles, type Approval, type Person } from '../../approval/approval.ts'
import type { LookUp } from '../../admin/policy/look-up.ts'
import type { Membership } from '../../approval/click.ts'
import { awaitedRoles, type Approver } from '../../approval/places.ts'
import { excluded } from '../../approval/vote.ts'
import { slackFailure } from '../failures.ts'
import { breakGlassOf, type Role } from '../../flow/current-policy.ts'
import type { Flow } from '../../flow/flow.ts'
import type { Clock } from '../../platform/clock.ts'
import type { People } from '../views/people.ts'
import { createKept } from './kept.ts'
import { createLookUp } from './look-up.ts'

/** Membership is at most this old (the contract's number); `usergroups.users.list` allows 20 calls a minute. */
const membershipAgeMs = 60_000
const namesAgeMs = 600_000

/** Slack wants a click acknowledged within 3 s: a name is not worth waiting for, and the id says who it was. */
const namePatienceMs = 500

/** Saving also judges the requests of late, and Slack wants a form answered within 3 s. */
const lookPatienceMs = 800

/** Somebody who clicked or typed, as Slack's request names them. */
export type Visitor = { slack_user_id: string; team_id: string | null }

/** The roles of a policy, by name. */
type RoleOf = (name: string) => Role | null

/** What we need to know of the people in the workspace. */
export type Workspace = {
  /**
   * Which of these roles the visitor is a member of. Somebody from another workspace is a member of none. A role that cannot
   * be read has nobody; who is in no other cannot be told from a member of it.
   */
  membership(visitor: Visitor, roles: string[]): Promise<Membership>
  /** The same of somebody who did nothing themselves: whose workspace they are of is asked of Slack. */
  membershipOf(slack_user_id: string, roles: string[]): Promise<Membership>
  isAdmin(visitor: Visitor): Promise<boolean>
  /** Whether the policy names them among those who may approve alone in an emergency. */
  mayBreakGlass(visitor: Visitor): Promise<boolean>
  /** Whose approval would bring a stage on, as far as Slack says: members of the roles it waits for, whom nothing excludes. */
  eligible(approval: Approval, stage: number): Promise<string[]>
  /**
   * Who could approve a stage now. A role of which Slack refuses to say who is in it has a problem, in words: a group that
   * is gone stays gone. `voters` is null where Slack did not answer, which may pass.
   *
   * @param role the roles of a policy that is not in force, or not yet
   */
  reach(
    approval: Approval,
    stage: number,
    role?: RoleOf,
  ): Promise<{ problems: Record<string, string>; voters: Approver[] | null }>
  /** What Slack says about what a policy names, in the time that a form or a command has. */
  lookUp: LookUp
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
  const userOf = createKept(clock, namesAgeMs, async (user) => {
    const { user: found } = await client.users.info({ user })
    const name = found?.real_name || found?.profile?.display_name || found?.name || user
    return { name, team_id: found?.team_id ?? null }
  })

  /** Everybody in a role. Every group is read: a role that cannot be read as a whole lets nobody vote. */
  async function membersOf(name: string, roleOf: RoleOf | null = null): Promise<Set<string>> {
    const role = (roleOf ?? (await flow.policy.newest()).role)(name)
    const groups = await Promise.all((role?.groups ?? []).map((id) => membersOfGroup(id)))
    return new Set([...(role?.members ?? []), ...groups.flatMap((group) => [...group])])
  }

  /** The members of some roles, as far as Slack says; see `Workspace.reach` for what it does not say. */
  async function membersOfAll(roles: string[], roleOf: RoleOf | null = null) {
    const read = await Promise.allSettled(roles.map((role) => membersOf(role, roleOf)))
    const members = new Map<string, ReadonlySet<string>>()
    const problems: Record<string, string> = {}
    let isWhole = true
    roles.forEach((role, i) => {
      const one = read[i]
      if (one?.status === 'fulfilled') return members.set(role, one.value)
      const failure = slackFailure(one?.reason)
      if (failure?.kind === 'refused')
        problems[role] = `Slack does not say who is in ${role}: ${failure.error}`
      else isWhole = false
      return undefined
    })
    return { members, problems, isWhole }
  }

  /** Members of some of a stage's roles whom nothing excludes, with those of the roles that they hold. */
  function votersAmong(
    approval: Approval,
    stage: number,
    members: ReadonlyMap<string, ReadonlySet<string>>,
  ): Approver[] {
    const everybody = new Set([...members.values()].flatMap((ids) => [...ids]))
    return [...everybody]
      .filter((id) => excluded(approval, stage, id) === null)
      .map((slack_user_id) => ({
        slack_user_id,
        roles: [...members].flatMap(([role, ids]) => (ids.has(slack_user_id) ? [role] : [])),
      }))
  }

  async function isOurs(visitor: Visitor): Promise<boolean> {
    const { id } = await team('')
    return id !== null && visitor.team_id === id
  }

  async function name(id: string): Promise<string> {
    return userOf(id).then(
      (user) => user.name,
      () => id,
    )
  }

  async function membership(visitor: Visitor, roles: string[]): Promise<Membership> {
    try {
      if (!(await isOurs(visitor))) return { readable: true, roles: [] }
      const read = await Promise.allSettled(roles.map((role) => membersOf(role)))
      const held = roles.filter((_, index) => {
        const members = read[index]
        return members?.status === 'fulfilled' && members.value.has(visitor.slack_user_id)
      })
      const unread = read.find((members) => members.status === 'rejected')
      if (held.length === 0 && unread) throw unread.reason
      return { readable: true, roles: held }
    } catch (error) {
      return { readable: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    membership,
    async membershipOf(slack_user_id, roles) {
      try {
        const { team_id } = await userOf(slack_user_id)
        return await membership({ slack_user_id, team_id }, roles)
      } catch (error) {
        return { readable: false, detail: error instanceof Error ? error.message : String(error) }
      }
    },
    async isAdmin(visitor) {
      const { document } = await flow.policy.newest()
      return document.admins.includes(visitor.slack_user_id) && (await isOurs(visitor))
    },
    async mayBreakGlass(visitor) {
      const { document } = await flow.policy.newest()
      return (
        breakGlassOf(document).includes(visitor.slack_user_id) && (await isOurs(visitor).catch(() => false))
      )
    },
    async eligible(approval, stage) {
      const { members } = await membersOfAll(awaitedRoles(approval.stages[stage]!))
      return votersAmong(approval, stage, members).map(({ slack_user_id }) => slack_user_id)
    },
    async reach(approval, stage, roleOf) {
      const asked = votingRoles(approval.stages[stage]!)
      const { members, problems, isWhole } = await membersOfAll(asked, roleOf ?? null)
      return { problems, voters: isWhole ? votersAmong(approval, stage, members) : null }
    },
    lookUp: createLookUp(client, clock, lookPatienceMs),
    async person(slack_user_id) {
      const over = new AbortController()
      const patience = clock
        .sleep(new Date(clock.now().getTime() + namePatienceMs), over.signal)
        .then(() => slack_user_id)
      const known = await Promise.race([name(slack_user_id), patience])
      over.abort()
      return { slack_user_id, name: known }
    },
    async people(ids) {
      const known = await Promise.all([...new Set(ids)].map(async (id) => [id, await name(id)] as const))
      const { url } = await team('').catch(() => ({ url: 'https://slack.com/' }))
      return { team_url: url, names: Object.fromEntries(known) }
    },
  }
}

/** Everybody that the views of an approval name, and of the one that it is another attempt of. */
export function namedIn(approval: Approval, earlier: Approval | null = null): string[] {
  const voters = approval.stages.flatMap((stage) => stage.votes.map((vote) => vote.by.slack_user_id))
  const decider = approval.decision?.by.type === 'human' ? [approval.decision.by.slack_user_id] : []
  return [
    approval.agent.owner,
    ...(approval.on_behalf_of === null ? [] : [approval.on_behalf_of]),
    ...(approval.edited === null ? [] : [approval.edited.by.slack_user_id]),
    ...voters,
    ...decider,
    ...(approval.assigned === null
      ? []
      : [approval.assigned.to.slack_user_id, approval.assigned.by.slack_user_id]),
    ...(approval.on_it === null ? [] : [approval.on_it.by.slack_user_id]),
    ...approval.questions.map(({ by }) => by.slack_user_id),
    ...(earlier === null ? [] : namedIn(earlier)),
  ]
}
