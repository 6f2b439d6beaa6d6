import { isTerminal, votingRoles, type Approval } from '../approval/approval.ts'
import { beginLadder, ladder } from '../approval/ladder.ts'
import { fill, placesOf, type Approver } from '../approval/places.ts'
import { reach, type ReachInput } from '../approval/reach.ts'
import type { DueRung } from '../approval/schedule.ts'
import type { PolicyInForce } from './current-policy.ts'

/**
 * Finds out who could approve a stage of an approval, if the roles were those of this policy. `voters` is null where that
 * is not known.
 */
export type FindVoters = (
  approval: Approval,
  stage: number,
  role: PolicyInForce['role'],
) => Promise<Pick<ReachInput, 'problems' | 'voters'>>

/** How one stage would fare, were it open now. */
export type StageProspect = {
  /** Who could approve it from the start; null where that is not known. */
  voters: Approver[] | null
  /** Whether it could be met, also by roles that the ladder would move on to at once; null where that is not known. */
  can_be_met: boolean | null
  /** What is in the way of its own roles, in words. */
  problem: string | null
  /** Roles that would be asked at once, because nobody could answer. */
  moves_on_to: string[]
  /** What comes when nobody answers, with its times if the stage opened now. */
  ladder: DueRung[]
}

export type Prospects = { stages: StageProspect[]; can_be_met: boolean | null; problem: string | null }

/** Whether an approval could be met by those who are there now, stage by stage and as a whole; nothing where nobody is asked. */
export async function prospectsOf(
  approval: Approval,
  find: FindVoters,
  role: PolicyInForce['role'],
  now: Date,
): Promise<Prospects> {
  if (isTerminal(approval)) return { stages: [], can_be_met: null, problem: null }
  const seen = await Promise.all(approval.stages.map((_, stage) => lookAt(approval, stage, find, role, now)))
  const stages = seen.map(({ prospect }) => prospect)
  const whole = (can_be_met: boolean | null, problem: string | null) => ({ stages, can_be_met, problem })
  const { allowed_decisions, separation_of_duties } = approval.plan
  if (!allowed_decisions.includes('approve') && !allowed_decisions.includes('edit'))
    return whole(false, 'approving is not among the decisions that are allowed')
  const stuck = stages.find(({ can_be_met }) => can_be_met === false)
  if (stuck) return whole(false, stuck.problem)
  if (stages.some(({ can_be_met }) => can_be_met === null))
    return whole(null, 'Slack did not say who is there')
  if (separation_of_duties.repeat && !sufficesForAll(seen))
    return whole(false, 'nobody may approve two stages, and there are not enough different people for all')
  return whole(true, null)
}

type Seen = { prospect: StageProspect; approval: Approval; stage: number; voters: Approver[] | null }

/** Asks the core what it would do about a stage that has just opened, until it has nothing more to do. */
async function lookAt(
  approval: Approval,
  stage: number,
  find: FindVoters,
  role: PolicyInForce['role'],
  now: Date,
): Promise<Seen> {
  const opened = openAt(approval, stage, now)
  const start = rolesAt(opened, stage)
  const first = await find(opened, stage, role)
  let found = first
  let before = opened
  let problem: string | null = null
  for (;;) {
    const { next, facts } = reach(before, { type: 'reach', stage, ...found }, now)
    for (const fact of facts) if (fact.type === 'stage.unreachable') problem ??= fact.data.why
    const widened = rolesAt(next, stage).length > rolesAt(before, stage).length
    before = next
    if (!widened) break
    found = await find(next, stage, role)
  }
  const can_be_met = before.unreachable !== null ? false : found.voters === null ? null : true
  const moves_on_to = rolesAt(before, stage).filter((name) => !start.includes(name))
  const prospect = { voters: first.voters, can_be_met, problem, moves_on_to, ladder: ladder(opened) }
  return { prospect, approval: before, stage, voters: found.voters }
}

/** The approval with this stage open since now, and those before it met. */
function openAt(approval: Approval, stage: number, now: Date): Approval {
  const stages = approval.stages.map((state, i) =>
    i === stage
      ? { ...state, status: 'open' as const, opened_at: now }
      : i < stage
        ? { ...state, status: 'met' as const }
        : state,
  )
  return beginLadder({ ...approval, stages })
}

function rolesAt(approval: Approval, stage: number): string[] {
  const state = approval.stages[stage]
  return state ? votingRoles(state) : []
}

/** Whether there is somebody else for each approval of each stage. */
function sufficesForAll(seen: Seen[]): boolean {
  const places = seen.flatMap(({ approval, stage }) => placesOf(approval.stages[stage]!))
  const roles = new Map<string, Set<string>>()
  for (const { voters } of seen)
    for (const { slack_user_id, roles: held } of voters ?? [])
      roles.set(slack_user_id, new Set([...(roles.get(slack_user_id) ?? []), ...held]))
  const people = [...roles].map(([slack_user_id, held]) => ({ slack_user_id, roles: [...held] }))
  return fill(places, people) === places.length
}
