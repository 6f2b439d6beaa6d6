import { isTerminal, type Approval } from './approval.ts'
import type { Fact } from './events.ts'
import { cancel, timeOut, type CancelInput } from './end.ts'
import { extend, type ExtendInput } from './extend.ts'
import { nothing, takeStep } from './ladder.ts'
import { reach, type ReachInput } from './reach.ts'
import type { Refusal } from './click.ts'
import { castVote, type VoteInput } from './vote.ts'

/** What can happen to an approval after it was opened. `time_is_up` names the step whose time has come. */
export type Input = VoteInput | ExtendInput | CancelInput | ReachInput | { type: 'time_is_up'; step: Step }

/** A moment that was planned: a timer that fires for another step than the one awaited changes nothing. */
export type Step =
  | { at: 'expiry' }
  /** The rung above the first `level` ones of a stage's ladder. */
  | { at: 'rung'; stage: number; level: number }
  /** So many percent of the approval's time are over. */
  | { at: 'warning'; percent: number }

/** What must follow once the change is committed: each is a job, written in the same transaction. */
export type Effect =
  /** Every card of the approval is brought up to date. */
  | { do: 'show_cards' }
  | {
      do: 'call_back'
      type: 'approval.approved' | 'approval.rejected' | 'approval.expired' | 'approval.cancelled'
    }
  | { do: 'set_timer'; step: Step; at: Date }

/** How the input was answered: whether it counted, and if not, why. */
export type Reply = { counted: true } | { counted: false; because: Refusal }

/** `next` is the very same object where nothing changed; the facts are recorded in either case. */
export type Outcome = { next: Approval; facts: Fact[]; effects: Effect[]; reply: Reply }

/**
 * The one place where an approval's future is decided.
 *
 * An approval whose time is up has ended, even where its timer is late: anything that arrives at or after `expires_at`
 * first lets the time-out happen, and is then answered by the approval as it has become.
 */
export function decide(approval: Approval, input: Input, now: Date): Outcome {
  const late = !isTerminal(approval) && now >= approval.expires_at
  if (!late) return apply(approval, input, now)
  const ended = timeOut(approval, now)
  if (input.type === 'time_is_up') return ended
  const answered = apply(ended.next, input, now)
  return {
    next: answered.next,
    facts: [...ended.facts, ...answered.facts],
    effects: [...ended.effects, ...answered.effects],
    reply: answered.reply,
  }
}

function apply(approval: Approval, input: Input, now: Date): Outcome {
  switch (input.type) {
    case 'vote':
    case 'begin_vote':
      return castVote(approval, input, now)
    case 'cancel':
      return cancel(approval, input, now)
    case 'extend':
      return extend(approval, input, now)
    case 'reach':
      return reach(approval, input, now)
    case 'time_is_up':
      return isTerminal(approval) ? nothing(approval) : takeStep(approval, input.step, now)
  }
}
