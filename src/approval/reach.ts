import { isTerminal, votingRoles, type Approval, type StageState } from './approval.ts'
import type { Effect, Outcome } from './decide.ts'
import type { Fact } from './events.ts'
import { climb, ladder, nextTimer, nothing, type Taken } from './ladder.ts'
import { judgeReach, problemOf, withStage } from './stage.ts'

/**
 * What was found out about a role when its card was to be shown: why nobody of it can vote (no members, no channel),
 * or null where somebody can.
 */
export type ReachInput = { type: 'reach'; stage: number; role: string; problem: string | null }

/**
 * Keeps in mind whether anybody can meet the stage. Where nobody can, the ladder moves on to its next escalation at
 * once: a wait for nobody helps nobody.
 */
export function reach(approval: Approval, input: ReachInput, now: Date): Outcome {
  const stage = approval.stages[input.stage]
  if (isTerminal(approval) || stage?.status !== 'open') return nothing(approval)
  const asked = votingRoles(stage).includes(input.role)
  if (!asked || problemOf(stage, input.role) === input.problem) return nothing(approval)
  const noted = judgeReach(
    withStage(approval, input.stage, (before) => ({ ...before, problems: withProblem(before, input) })),
    input.stage,
  )
  if (noted.unreachable === approval.unreachable)
    return { next: noted, facts: [], effects: [], reply: { counted: true } }
  if (noted.unreachable === null) {
    const fact: Fact = {
      type: 'stage.reachable',
      actor: { type: 'countersign' },
      data: { stage: input.stage, role: input.role },
    }
    return { next: noted, facts: [fact], effects: [show], reply: { counted: true } }
  }
  const fact: Fact = {
    type: 'stage.unreachable',
    actor: { type: 'countersign' },
    data: { stage: input.stage, why: noted.unreachable },
  }
  const moved = moveOn(noted, stage, now)
  return {
    ...moved,
    facts: [fact, ...moved.facts],
    effects: [show, ...moved.effects],
    reply: { counted: true },
  }
}

function withProblem(stage: StageState, { role, problem }: ReachInput): Record<string, string> {
  const { [role]: _known, ...others } = stage.problems
  return problem === null ? others : { ...others, [role]: problem }
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
