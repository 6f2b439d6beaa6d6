import { isTerminal, votingRoles, type Approval, type StageState } from './approval.ts'
import type { Effect, Outcome } from './decide.ts'
import type { Fact } from './events.ts'
import { climb, ladder, nextTimer, nothing, type Taken } from './ladder.ts'
import { approversOf, awaitedRoles, fill, missing, placesOf, type Approver } from './places.ts'
import { rolesInWords } from './plan.ts'
import { problemOf, withStage } from './stage.ts'

/**
 * What was found out about an open stage when its cards were to be shown.
 *
 * `problems` has a role where something was found out about it: why its card reaches nobody (no channel, no such role), or
 * null where it is shown. `voters` are those who could approve now, whatever the cards; null where Slack did not say.
 */
export type ReachInput = {
  type: 'reach'
  stage: number
  problems: Record<string, string | null>
  voters: Approver[] | null
}

/**
 * Keeps in mind whether the stage can be met by those who are there. Where it cannot, the ladder moves on to its next
 * escalation at once: a wait for nobody helps nobody.
 */
export function reach(approval: Approval, input: ReachInput, now: Date): Outcome {
  const before = approval.stages[input.stage]
  if (isTerminal(approval) || before?.status !== 'open') return nothing(approval)
  const stage = { ...before, problems: problemsNow(before, input) }
  const unreachable = whyNobody(stage, input.voters)
  const same = votingRoles(stage).every((role) => problemOf(stage, role) === problemOf(before, role))
  if (same && unreachable === approval.unreachable) return nothing(approval)
  const noted = { ...withStage(approval, input.stage, () => stage), unreachable }
  if (unreachable === approval.unreachable)
    return { next: noted, facts: [], effects: [], reply: { counted: true } }
  if (unreachable === null) {
    const data = { stage: input.stage, role: rolesInWords(stage.roles) }
    const fact: Fact = { type: 'stage.reachable', actor: { type: 'countersign' }, data }
    return { next: noted, facts: [fact], effects: [show], reply: { counted: true } }
  }
  const data = { stage: input.stage, why: unreachable }
  const fact: Fact = { type: 'stage.unreachable', actor: { type: 'countersign' }, data }
  const moved = moveOn(noted, stage, now)
  return {
    ...moved,
    facts: [fact, ...moved.facts],
    effects: [show, ...moved.effects],
    reply: { counted: true },
  }
}

/** What was not found out anew stays as it was known. */
function problemsNow(stage: StageState, { problems: found }: ReachInput): Record<string, string> {
  return Object.fromEntries(
    votingRoles(stage).flatMap((role) => {
      const problem = Object.hasOwn(found, role) ? found[role] : problemOf(stage, role)
      return typeof problem === 'string' ? [[role, problem] as const] : []
    }),
  )
}

/** Why a stage could not be met if everybody approved it who can; null where it could. */
function whyNobody(stage: StageState, voters: Approver[] | null): string | null {
  const places = placesOf(stage)
  const able = votingRoles(stage).filter((role) => problemOf(stage, role) === null)
  // A role that Slack says nothing of is taken to have enough people.
  const could =
    voters?.map(({ slack_user_id, roles }) => ({
      slack_user_id,
      roles: roles.filter((role) => able.includes(role)),
    })) ?? able.flatMap((role) => places.map((_, i) => ({ slack_user_id: `${i} of ${role}`, roles: [role] })))
  if (fill(places, [...approversOf(stage), ...could]) === places.length) return null
  const awaited = awaitedRoles(stage)
  const reasons = awaited.flatMap((role) => {
    const empty = !could.some(({ roles }) => roles.includes(role))
    return problemOf(stage, role) ?? (empty ? `nobody in ${role} may approve it` : [])
  })
  const isWhy = 'all' in stage.roles ? reasons.length > 0 : reasons.length === awaited.length
  if (isWhy) return reasons.join('; ')
  const there = could.filter(({ roles }) => roles.length > 0).length
  const few = `${there} of ${rolesInWords(stage.roles)} may approve it, and ${missing(stage)} more are needed`
  return [...reasons, few].join('; ')
}

/**
 * To the next role that is not asked yet. What lies before it is left out, save what asks for more approvals: an empty
 * role must not make an action cheaper to approve.
 */
function moveOn(approval: Approval, stage: StageState, now: Date): Taken {
  const asked = votingRoles(stage)
  const rungs = ladder(approval)
  const ahead = rungs.findIndex(({ rung }) => rung.do === 'escalate' && !asked.includes(rung.to))
  let moved: Taken = { next: approval, facts: [], effects: [] }
  for (const [level, { rung, at }] of rungs.slice(0, ahead + 1).entries()) {
    const leftOut = level < ahead && rung.do !== 'require'
    if (level < approval.escalation.level || leftOut) continue
    const { next, facts } = climb(moved.next, level, now.getTime() - at.getTime())
    moved = { next, facts: [...moved.facts, ...facts], effects: nextTimer(next) }
  }
  return moved
}

const show: Effect = { do: 'show_cards' }
