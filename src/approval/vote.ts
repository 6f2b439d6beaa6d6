import {
  openStage,
  type Approval,
  type Decider,
  type Person,
  type StageState,
  type Vote,
} from './approval.ts'
import { basisOf, heldRoles, refuseClick, refusedClick, type ClickInput, type Refusal } from './click.ts'
import type { Effect, Outcome } from './decide.ts'
import { hasReadDetails } from './details.ts'
import { end } from './end.ts'
import type { Fact } from './events.ts'
import { beginLadder, nextTimer } from './ladder.ts'
import { isMet } from './places.ts'
import { rolesInWords, type CannedReason } from './plan.ts'
import { withStage } from './stage.ts'

/**
 * A click that means yes or no. `begin_vote` is the click that opens a form first: it is judged like the vote to come,
 * so that nobody fills in a form for nothing.
 */
export type VoteInput = ClickInput & {
  type: 'vote' | 'begin_vote'
  vote: 'approve' | 'reject'
  /** In their own words. */
  comment: string | null
  /** Which of the plan's reasons they reject for, by its position; left out where they chose none. */
  canned?: number | null
}

/**
 * One click or one submitted form: counted, or refused with the reason. Judged by the approval as it is at `now`, whose
 * `expires_at` the caller has already enforced.
 */
export function castVote(approval: Approval, input: VoteInput, now: Date): Outcome {
  const refusal = refuseVote(approval, input)
  if (refusal !== null) return refusedClick(approval, input, input.vote, refusal, input.comment)
  if (input.type === 'begin_vote') return beginVote(approval, input)
  return input.vote === 'reject' ? reject(approval, input, now) : approve(approval, input, now)
}

/** Why a vote cannot count while a freeze is in force: rejecting still does. */
export function refuseWhileFrozen(approval: Approval, input: VoteInput): Refusal | null {
  return refuseVote(approval, input) ?? (input.vote === 'approve' ? 'frozen' : null)
}

/**
 * Only approving is kept from the asker, the agent's owner and who voted before: whoever is in the role may always
 * stop the action, also after having approved it.
 */
function refuseVote(approval: Approval, input: VoteInput): Refusal | null {
  const refusal = refuseClick(approval, input)
  if (refusal !== null || input.vote === 'reject') return refusal
  if (!approval.plan.allowed_decisions.includes('approve')) return 'not_allowed'
  const barred = excluded(approval, input.stage, input.by.slack_user_id)
  if (barred !== null) return barred
  return hasReadDetails(approval, input.by) ? refuseSilence(approval, input) : 'details_unopened'
}

/** Whoever opens the form has still to say why. */
function refuseSilence({ plan }: Approval, { type, comment }: VoteInput): Refusal | null {
  const isSilent = type === 'vote' && (comment ?? '').trim() === ''
  return plan.require_reason && isSilent ? 'reason_missing' : null
}

/** Why this person's approval cannot count at a stage, whatever their roles, or null where it can. */
export function excluded(approval: Approval, index: number, slack_user_id: string): Refusal | null {
  const separate = approval.plan.separation_of_duties
  if (separate.asker && approval.on_behalf_of === slack_user_id) return 'own_request'
  if (separate.owner && approval.agent.owner === slack_user_id) return 'own_agent'
  const approved = approval.stages.map((stage) => hasApproved(stage, slack_user_id))
  if (approved[index]) return 'voted_already'
  return separate.repeat && approved.includes(true) ? 'voted_in_earlier_stage' : null
}

function hasApproved(stage: StageState, slack_user_id: string): boolean {
  return stage.votes.some((vote) => vote.vote === 'approve' && vote.by.slack_user_id === slack_user_id)
}

function beginVote(approval: Approval, { by, vote, stage, revision }: VoteInput): Outcome {
  const fact: Fact = { type: 'form.opened', actor: human(by), data: { click: vote, stage, revision } }
  return { next: approval, facts: [fact], effects: [], reply: { counted: true } }
}

function reject(approval: Approval, input: VoteInput, now: Date): Outcome {
  const canned = approval.plan.reject_reasons[input.canned ?? -1]
  const said = { ...input, comment: inWords(canned, input.comment) }
  const voted = withVote(approval, said, now)
  const words = { reason: said.comment, retry: canned?.retry ?? null }
  const ended = end(voted, 'rejected', human(input.by), now, words)
  return { ...ended, facts: [cast(voted, said), ...ended.facts], reply: { counted: true } }
}

/** The policy's words first, and what they added in their own. */
function inWords(canned: CannedReason | undefined, comment: string | null): string | null {
  return canned ? [canned.reason, ...(comment ? [comment] : [])].join(': ') : comment
}

function approve(approval: Approval, input: VoteInput, now: Date): Outcome {
  const voted = withVote(approval, input, now)
  const stage = voted.stages[input.stage]
  if (stage === undefined || !isMet(stage)) {
    const effects: Effect[] = [{ do: 'show_cards' }]
    return { next: voted, facts: [cast(voted, input)], effects, reply: { counted: true } }
  }
  const met = closeStage(voted, input.stage, now)
  const facts: Fact[] = [
    cast(voted, input),
    {
      type: 'stage.met',
      actor: human(input.by),
      data: { stage: input.stage, role: rolesInWords(stage.roles) },
    },
  ]
  if (openStage(met) !== null) {
    const effects: Effect[] = [{ do: 'show_cards' }, ...nextTimer(met)]
    return { next: met, facts, effects, reply: { counted: true } }
  }
  const ended = end(met, 'approved', human(input.by), now, { reason: input.comment })
  return { ...ended, facts: [...facts, ...ended.facts], reply: { counted: true } }
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
  return beginLadder({ ...opened, revision: opened.revision + 1, unreachable: null })
}

function cast(voted: Approval, input: VoteInput): Fact {
  const { by, vote, stage, revision, comment } = input
  const roles = voted.stages[stage]?.votes.at(-1)?.roles ?? []
  const data = { vote, stage, revision, roles, comment, ...basisOf(voted, input) }
  return { type: 'vote.cast', actor: human(by), data }
}

function human(person: Person): Decider {
  return { type: 'human', slack_user_id: person.slack_user_id, name: person.name }
}
