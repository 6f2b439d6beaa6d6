import {
  isTerminal,
  openStage,
  votingRoles,
  type Approval,
  type Decider,
  type Person,
  type StageState,
  type Vote,
} from './approval.ts'
import type { Effect, Outcome } from './decide.ts'
import { end } from './end.ts'
import type { Fact, Recorded } from './events.ts'

/**
 * A click that means yes or no, made on the card of `stage` as it was at `revision`. `begin_vote` is the click that
 * opens a form first: it is judged like the vote to come, so that nobody fills in a form for nothing.
 */
export type VoteInput = {
  type: 'vote' | 'begin_vote'
  vote: 'approve' | 'reject'
  by: Person
  stage: number
  revision: number
  comment: string | null
  membership: Membership
}

/** Which roles the voter is a member of, as read from Slack at most 60 s ago, or why that could not be read. */
export type Membership = { readable: true; roles: string[] } | { readable: false; detail: string }

/** Why an input changed nothing. */
export type Refusal =
  | 'decided'
  | 'stale'
  | 'membership_unreadable'
  | 'not_in_role'
  | 'own_request'
  | 'own_agent'
  | 'voted_already'
  | 'voted_in_earlier_stage'
  | 'not_allowed'
  | 'not_due'

/**
 * One click or one submitted form: counted, or refused with the reason. Judged by the approval as it is at `now`, whose
 * `expires_at` the caller has already enforced.
 */
export function castVote(approval: Approval, input: VoteInput, now: Date): Outcome {
  const refusal = refuse(approval, input)
  if (refusal !== null) return refused(approval, input, refusal)
  if (input.type === 'begin_vote') return { next: approval, facts: [], effects: [], reply: { counted: true } }
  return input.vote === 'reject' ? reject(approval, input, now) : approve(approval, input, now)
}

/**
 * Why this person's vote cannot count here and now, or null when it can.
 *
 * Only approving is kept from the asker, the agent's owner and who voted before: whoever is in the role may always
 * stop the action, also after having approved it.
 */
function refuse(approval: Approval, input: VoteInput): Refusal | null {
  if (isTerminal(approval)) return 'decided'
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  if (open !== input.stage || stage === undefined || input.revision !== approval.revision) return 'stale'
  if (!input.membership.readable) return 'membership_unreadable'
  if (heldRoles(stage, input.membership).length === 0) return 'not_in_role'
  return input.vote === 'approve' ? refuseApproval(approval, stage, input.by.slack_user_id) : null
}

function refuseApproval(approval: Approval, stage: StageState, voter: string): Refusal | null {
  const separate = approval.plan.separation_of_duties
  if (!approval.plan.allowed_decisions.includes('approve')) return 'not_allowed'
  if (separate.asker && approval.on_behalf_of === voter) return 'own_request'
  if (separate.owner && approval.agent.owner === voter) return 'own_agent'
  if (hasApproved(stage, voter)) return 'voted_already'
  const before = approval.stages.some((other) => other !== stage && hasApproved(other, voter))
  return separate.repeat && before ? 'voted_in_earlier_stage' : null
}

/** The roles that entitle a member of `membership` to vote at a stage. */
function heldRoles(stage: StageState, membership: Membership): string[] {
  return membership.readable ? votingRoles(stage).filter((role) => membership.roles.includes(role)) : []
}

function hasApproved(stage: StageState, voter: string): boolean {
  return stage.votes.some((vote) => vote.vote === 'approve' && vote.by.slack_user_id === voter)
}

function refused(approval: Approval, input: VoteInput, because: Refusal): Outcome {
  const data: Recorded['click.refused'] = {
    click: input.vote,
    stage: input.stage,
    revision: input.revision,
    because,
    comment: input.comment,
    ...(input.membership.readable ? {} : { detail: input.membership.detail }),
  }
  return {
    next: approval,
    facts: [{ type: 'click.refused', actor: human(input.by), data }],
    effects: [],
    reply: { counted: false, because },
  }
}

function reject(approval: Approval, input: VoteInput, now: Date): Outcome {
  const voted = withVote(approval, input, now)
  const ended = end(voted, 'rejected', human(input.by), now, { reason: input.comment })
  return { ...ended, facts: [cast(voted, input), ...ended.facts], reply: { counted: true } }
}

function approve(approval: Approval, input: VoteInput, now: Date): Outcome {
  const voted = withVote(approval, input, now)
  const stage = voted.stages[input.stage]
  if (stage === undefined || approvers(stage) < stage.approvals) {
    return {
      next: voted,
      facts: [cast(voted, input)],
      effects: [{ do: 'show_card', stage: input.stage }],
      reply: { counted: true },
    }
  }
  const met = closeStage(voted, input.stage, now)
  const facts: Fact[] = [
    cast(voted, input),
    { type: 'stage.met', actor: human(input.by), data: { stage: input.stage, role: stage.role } },
  ]
  if (openStage(met) !== null) {
    const effects: Effect[] = [
      { do: 'show_card', stage: input.stage },
      { do: 'show_card', stage: input.stage + 1 },
    ]
    return { next: met, facts, effects, reply: { counted: true } }
  }
  const ended = end(met, 'approved', human(input.by), now, { reason: input.comment })
  return { ...ended, facts: [...facts, ...ended.facts], reply: { counted: true } }
}

function approvers(stage: StageState): number {
  return new Set(stage.votes.filter((vote) => vote.vote === 'approve').map((vote) => vote.by.slack_user_id))
    .size
}

function withVote(approval: Approval, input: VoteInput, now: Date): Approval {
  const { by, vote, comment } = input
  return withStage(approval, input.stage, (stage) => {
    const cast: Vote = { by, vote, roles: heldRoles(stage, input.membership), comment, at: now }
    return { ...stage, votes: [...stage.votes, cast] }
  })
}

/**
 * The stage is met; the next one, if there is any, opens with a ladder of its own. What is asked of whom has changed:
 * so has the revision.
 */
function closeStage(approval: Approval, index: number, now: Date): Approval {
  const met = withStage(approval, index, (stage) => ({ ...stage, status: 'met' }))
  if (index + 1 >= met.stages.length) return met
  const opened = withStage(met, index + 1, (stage) => ({ ...stage, status: 'open', opened_at: now }))
  return {
    ...opened,
    revision: opened.revision + 1,
    escalation: { level: 0, next_at: null },
    unreachable: null,
  }
}

function withStage(approval: Approval, index: number, change: (stage: StageState) => StageState): Approval {
  return { ...approval, stages: approval.stages.map((stage, i) => (i === index ? change(stage) : stage)) }
}

function cast(voted: Approval, { vote, stage, revision, comment, ...input }: VoteInput): Fact {
  const roles = voted.stages[stage]?.votes.at(-1)?.roles ?? []
  const data = { vote, stage, revision, roles, comment }
  return { type: 'vote.cast', actor: human(input.by), data }
}

function human(person: Person): Decider {
  return { type: 'human', slack_user_id: person.slack_user_id, name: person.name }
}
