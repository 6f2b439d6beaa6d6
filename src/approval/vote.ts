import { openStage, type Approval, type Decider, type StageState, type Vote } from './approval.ts'
import { answeredBy, unattended } from './attended.ts'
import {
  basisOf,
  formOpened,
  heldRoles,
  human,
  refuseClick,
  refusedClick,
  type ClickInput,
  type Refusal,
} from './click.ts'
import type { Outcome } from './decide.ts'
import { hasReadDetails } from './details.ts'
import { canBeApproved } from './effective.ts'
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
 * `expires_at` the caller has already enforced. While it is frozen, rejecting still counts.
 */
export function castVote(approval: Approval, input: VoteInput, now: Date, frozen: boolean): Outcome {
  const refusal = refuseVote(approval, input) ?? (frozen && input.vote === 'approve' ? 'frozen' : null)
  if (refusal !== null) return refusedClick(approval, input, input.vote, refusal, input.comment)
  if (input.type === 'begin_vote') return formOpened(approval, input, input.vote)
  return input.vote === 'reject' ? reject(approval, input, now) : approve(approval, input, now)
}

/**
 * Only approving is kept from the asker, the agent's owner and who voted before: whoever is in the role may always
 * stop the action, also after having approved it.
 */
function refuseVote(approval: Approval, input: VoteInput): Refusal | null {
  const refusal = refuseClick(approval, input)
  if (refusal !== null || input.vote === 'reject') return refusal
  if (!canBeApproved(approval)) return 'not_allowed'
  return refuseApprover(approval, input) ?? refuseSilence(approval, input)
}

/** Why this person cannot approve, nor edit, at the stage whose card they clicked on. */
export function refuseApprover(approval: Approval, { stage, by }: ClickInput): Refusal | null {
  const barred = excluded(approval, stage, by.slack_user_id)
  if (barred !== null) return barred
  return hasReadDetails(approval, by) ? null : 'details_unopened'
}

/** Whoever opens the form has still to say why. */
function refuseSilence({ plan }: Approval, { type, comment }: VoteInput): Refusal | null {
  return type === 'vote' && plan.require_reason && isSilence(comment) ? 'reason_missing' : null
}

/** Whether somebody said nothing at all. */
export function isSilence(words: string | null): boolean {
  return (words ?? '').trim() === ''
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
  return settle(voted, [cast(voted, input)], human(input.by), input.comment, now)
}

/**
 * What follows from an approval that was just given: the open stage is met where it has enough, the next one opens, and
 * after the last the approval is approved. A stage may have approvals from before it opened: those of who edited.
 */
export function settle(
  voted: Approval,
  told: Fact[],
  by: Decider,
  comment: string | null,
  now: Date,
): Outcome {
  const reply = { counted: true } as const
  const facts = [...told]
  let next = voted
  for (let index = openStage(next); index !== null; index = openStage(next)) {
    const stage = next.stages[index]
    if (!stage || !isMet(stage)) {
      const timer = next === voted ? [] : nextTimer(next)
      return { next, facts, effects: [{ do: 'show_cards' }, ...timer], reply }
    }
    next = closeStage(next, index, now)
    facts.push({ type: 'stage.met', actor: by, data: { stage: index, role: rolesInWords(stage.roles) } })
  }
  const ended = end(next, 'approved', by, now, { reason: comment })
  return { ...ended, facts: [...facts, ...ended.facts], reply }
}

/** Whose vote it is, at which stage. */
type Voted = Pick<VoteInput, 'by' | 'vote' | 'stage' | 'revision' | 'seen' | 'membership' | 'comment'>

export function withVote(approval: Approval, voted: Voted, now: Date): Approval {
  const { by, vote, comment, membership } = voted
  return withStage(answeredBy(approval, by.slack_user_id), voted.stage, (stage) => {
    const cast: Vote = { by, vote, roles: heldRoles(stage, membership), comment, at: now }
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
  return beginLadder({ ...unattended(opened), revision: opened.revision + 1, unreachable: null })
}

export function cast(voted: Approval, input: Voted): Fact {
  const { by, vote, stage, revision, comment } = input
  const roles = voted.stages[stage]?.votes.at(-1)?.roles ?? []
  const data = { vote, stage, revision, roles, comment, ...basisOf(voted, input) }
  return { type: 'vote.cast', actor: human(by), data }
}
