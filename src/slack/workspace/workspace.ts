import type { WebClient } from '@slack/web-api'
import { votingRoles, type Approval, type Person } from '../../approval/approval.ts'
import type { Membership } from '../../approval/click.ts'
import { approvers, excluded } from '../../approval/vote.ts'
import { slackFailure } from '../failures.ts'
import { breakGlassOf } from '../../flow/current-policy.ts'
import type { Flow } from '../../flow/flow.ts'
import type { Clock } from '../../platform/clock.ts'
import type { People } from '../views/people.ts'
import { createKept } from './kept.ts'

/** Membership is at most this old (the contract's number); `usergroups.users.list` allows 20 calls a minute. */
const membershipAgeMs = 60_000
const namesAgeMs = 600_000

/** Slack wants a click acknowledged within 3 s: a name is not worth waiting for, and the id says who it was. */
const namePatienceMs = 500

/** Somebody who clicked or typed, as Slack's request names them. */
export type Visitor = { slack_user_id: string; team_id: string | null }

/** What we need to know of the people in the workspace. */
export type Workspace = {
  /**
   * Which of these roles the visitor is a member of. Somebody from another workspace is a member of none. A role that cannot
   * be read has nobody; who is in no other cannot be told from a member of it.
   */
  membership(visitor: Visitor, roles: string[]): Promise<Membership>
  isAdmin(visitor: Visitor): Promise<boolean>
  /** Whether the policy names them among those who may approve alone in an emergency. */
  mayBreakGlass(visitor: Visitor): Promise<boolean>
  /**
   * Who could approve a stage now: members of its roles whom nothing excludes. A role of which Slack refuses to say who is
   * in it has nobody: a group that is gone stays gone. Throws where Slack does not answer.
   */
  eligible(approval: Approval, stage: number): Promise<string[]>
  /** Why nobody of a role can approve a stage, in words; null where somebody can, or where Slack cannot say. */
  whyNobody(approval: Approval, stage: number, role: string): Promise<string | null>
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

  /** Everybody in a role. Every group is read: a role that cannot be read as a whole lets nobody vote. */
  async function membersOf(name: string): Promise<Set<string>> {
    const role = (await flow.policy.newest()).role(name)
    const groups = await Promise.all((role?.groups ?? []).map((id) => membersOfGroup(id)))
    return new Set([...(role?.members ?? []), ...groups.flatMap((group) => [...group])])
  }

  async function eligibleOf(approval: Approval, stage: number, roles: string[]): Promise<string[]> {
    const members = await Promise.all(roles.map(membersOf))
    return [...new Set(members.flatMap((role) => [...role]))].filter(
      (id) => excluded(approval, stage, id) === null,
    )
  }

  async function isOurs(visitor: Visitor): Promise<boolean> {
    const { id } = await team('')
    return id !== null && visitor.team_id === id
  }

  async function name(id: string): Promise<string> {
    return nameOf(id).catch(() => id)
  }

  return {
    async membership(visitor, roles) {
      try {
        if (!(await isOurs(visitor))) return { readable: true, roles: [] }
        const read = await Promise.allSettled(roles.map(membersOf))
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
      const known = votingRoles(approval.stages[stage]!).map((role) =>
        eligibleOf(approval, stage, [role]).catch((error: unknown) => {
          if (slackFailure(error)?.kind === 'refused') return []
          throw error
        }),
      )
      return [...new Set((await Promise.all(known)).flat())]
    },
    async whyNobody(approval, stage, role) {
      try {
        const found = await eligibleOf(approval, stage, [role])
        const alone = votingRoles(approval.stages[stage]!).length === 1
        const missing = missingAt(approval, stage)
        if (found.length === 0) return `nobody in ${role} may approve it`
        return alone && found.length < missing
          ? `${role} has ${found.length} who may approve it, and ${missing} more are needed`
          : null
      } catch (error) {
        const failure = slackFailure(error)
        // A group that is gone stays gone; anything else may pass, and is judged again with the next change.
        return failure?.kind === 'refused' ? `Slack does not say who is in ${role}: ${failure.error}` : null
      }
    },
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

function missingAt(approval: Approval, index: number): number {
  const stage = approval.stages[index]
  return stage ? stage.approvals - approvers(stage) : 0
}
