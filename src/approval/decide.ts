import { isTerminal, type Approval, type Question } from './approval.ts'
import type { Fact } from './events.ts'
import { assign, type AssignInput } from './assign.ts'
import { breakGlass, type BreakGlassInput } from './break-glass.ts'
import { openDetails, detailsFailed, type DetailsFailed, type DetailsInput } from './details.ts'
import { edit, type EditInput } from './edit.ts'
import { cancel, timeOut, type CancelInput } from './end.ts'
import { extend, type ExtendInput } from './extend.ts'
import { nothing, takeStep } from './ladder.ts'
import { revoke, type RevokeInput } from './revoke.ts'
import { onIt, type OnItInput } from './on-it.ts'
import { reportOutcome, type OutcomeInput, type OutcomeRefusal } from './outcome.ts'
import { answer, ask, type AnswerInput, type AnswerRefusal, type AskInput } from './question.ts'
import { consume, type ConsumeInput, type PermitRefusal } from './permit.ts'
import { reach, type ReachInput } from './reach.ts'
import { refusedClick, type Refusal } from './click.ts'
import { hold, type Freeze } from './freeze.ts'
import { castVote, type VoteInput } from './vote.ts'
import { withdraw } from './withdraw.ts'

/** What can happen to an approval after it was opened. `time_is_up` names the step whose time has come. */
export type Input =
  | VoteInput
  | ExtendInput
  | CancelInput
  | ReachInput
  | BreakGlassInput
  | DetailsInput
  | DetailsFailed
  | ConsumeInput
  | OutcomeInput
  | EditInput
  | RevokeInput
  | AssignInput
  | OnItInput
  | AskInput
  | AnswerInput
  | { type: 'time_is_up'; step: Step }
  /** A freeze began or ended: what was approved is withdrawn, what waits stands still or goes on. */
  | { type: 'freeze_changed' }

/** A moment that was planned: a timer that fires for another step than the one awaited changes nothing. */
export type Step =
  | { at: 'expiry' }
  /** The rung above the first `level` ones of a stage's ladder. */
  | { at: 'rung'; stage: number; level: number }
  /** So many percent of the approval's time are over. */
  | { at: 'warning'; percent: number }
  /** By when the outcome of an approved action must be reported. */
  | { at: 'outcome' }

/** What must follow once the change is committed: each is a job, written in the same transaction. */
export type Effect =
  /** Every card of the approval is brought up to date. */
  | { do: 'show_cards' }
  | {
      do: 'call_back'
      type:
        | 'approval.approved'
        | 'approval.rejected'
        | 'approval.expired'
        | 'approval.cancelled'
        | 'approval.withdrawn'
    }
  | { do: 'call_back'; type: 'approval.question'; question: Pick<Question, 'id' | 'text' | 'by'> }
  | { do: 'set_timer'; step: Step; at: Date }

/** How the input was answered: whether it counted, and if not, why; `detail` where the word does not say it all. */
export type Reply<I extends Input = Input> =
  { counted: true } | { counted: false; because: RefusalOf<I>; detail?: string }

/** What people do, and what time does: refused for other reasons than what agents do. */
export type Clicked = Exclude<Input, ConsumeInput | OutcomeInput | AnswerInput>

type RefusalOf<I extends Input> = I extends ConsumeInput
  ? PermitRefusal
  : I extends OutcomeInput
    ? OutcomeRefusal
    : I extends AnswerInput
      ? AnswerRefusal
      : Refusal

/** `next` is the very same object where nothing changed; the facts are recorded in either case. */
export type Outcome<I extends Input = Input> = {
  next: Approval
  facts: Fact[]
  effects: Effect[]
  reply: Reply<I>
}

/**
 * The one place where an approval's future is decided.
 *
 * An approval whose time is up has ended, even where its timer is late: anything that arrives at or after `expires_at`
 * first lets the time-out happen, and is then answered by the approval as it has become. While it is frozen, its time
 * stands still.
 *
 * @param freezes those that concern its agent and were in force at any time since it was opened
 */
export function decide<I extends Input>(
  approval: Approval,
  input: I,
  now: Date,
  freezes: readonly Freeze[] = [],
): Outcome<I> {
  const held = hold(approval, freezes, now)
  const late = !isTerminal(held.next) && held.ran_until >= held.next.expires_at
  const ended = late ? after(held, timeOut(held.next, now)) : null
  if (ended && input.type === 'time_is_up') return ended
  const before = ended ?? held
  return after(before, apply(before.next, input, now, held.freeze))
}

/** What followed from one thing and then from another; the reply is to the latter. */
function after(first: Omit<Outcome, 'reply'>, second: Outcome): Outcome {
  return {
    next: second.next,
    facts: [...first.facts, ...second.facts],
    effects: [...first.effects, ...second.effects],
    reply: second.reply,
  }
}

function apply(approval: Approval, input: Input, now: Date, freeze: Freeze | null): Outcome {
  switch (input.type) {
    case 'vote':
    case 'begin_vote':
      return castVote(approval, input, now, freeze !== null)
    case 'cancel':
      return cancel(approval, input, now)
    case 'break_glass':
    case 'begin_break_glass':
      return breakGlass(approval, input, now, freeze !== null)
    case 'open_details':
      return openDetails(approval, input)
    case 'details_failed':
      return detailsFailed(approval, input)
    case 'edit':
    case 'begin_edit':
      return edit(approval, input, now, freeze !== null)
    case 'extend':
      return freeze ? refusedClick(approval, input, 'extend', 'frozen') : extend(approval, input, now)
    case 'revoke':
    case 'begin_revoke':
      return revoke(approval, input, now)
    // What approves nothing is not kept from anybody by a freeze.
    case 'assign':
    case 'begin_assign':
      return assign(approval, input, now)
    case 'take_up':
    case 'let_go':
      return onIt(approval, input, now)
    case 'ask':
    case 'begin_ask':
      return ask(approval, input, now)
    case 'answer':
      return answer(approval, input, now)
    case 'reach':
      return freeze ? nothing(approval) : reach(approval, input, now)
    case 'freeze_changed':
      return freeze ? withdraw(approval, { type: 'freeze' }, freeze.reason, now) : nothing(approval)
    case 'consume':
      return consume(approval, input, now, freeze !== null)
    case 'report_outcome':
      return reportOutcome(approval, input, now)
    case 'time_is_up':
      // What waits stands still; what runs does not.
      return freeze && !isTerminal(approval) ? nothing(approval) : takeStep(approval, input.step, now)
  }
}
