import type { Action, Decider, Decision, Request, Risk, Status, Vote } from './approval.ts'
import type { Plan } from './plan.ts'
import type { Refusal } from './vote.ts'

/** What each kind of audit event records beside who did it and when. */
export type Recorded = {
  'approval.requested': {
    action: Action
    action_digest: string
    risk: Risk
    environment: string
    on_behalf_of: string | null
    owner: string
    run_id: string | null
    subject: Request['subject']
    retry_of: string | null
    expires_at: Date
    plan: Plan
    evaluation: Evaluation
  }
  'approval.approved': Ended
  'approval.rejected': Ended
  'approval.expired': Ended
  'approval.cancelled': Ended
  'vote.cast': Pick<Vote, 'vote' | 'roles' | 'comment'> & { stage: number; revision: number }
  /** A click, or a form's submission, that changed nothing. `detail` says why membership could not be read. */
  'click.refused': {
    click: Vote['vote']
    stage: number
    revision: number
    because: Refusal
    comment: string | null
    detail?: string
  }
  'stage.met': { stage: number; role: string }
  'card.posted': ShownCard
  'card.updated': ShownCard
  /** Slack would not take a card; `error` is its word for why. */
  'card.failed': CardPlace & { error: string }
  'callback.tried': CallbackTry & { callback_id: string; attempt: number }
}

export type EventType = keyof Recorded

/** How the policy came to its plan: the conditions that failed, and what that changed. */
export type Evaluation = { faults: { rule: string; detail: string }[] }

type Ended = Pick<Decision, 'reason' | 'retry'>

export type CardPlace = { stage: number; role: string; channel: string }

/** A card as Slack accepted it; `shown` is the SHA-256 of its text and blocks. */
export type ShownCard = CardPlace & { ts: string; shown: string; revision: number; status: Status }

/** What came of one try of a callback. */
export type CallbackTry = {
  outcome: 'delivered' | 'gone' | 'retry' | 'refused'
  /** The HTTP status of the answer, null where there was none. */
  status: number | null
  error: string | null
  /** The address connected to, or refused. */
  address: string | null
  duration_ms: number
  /** Where the callback stands after it, and when the next try is due if there is one. */
  callback_status: 'pending' | 'delivered' | 'failed'
  next_at: Date | null
}

/**
 * Who did it. `countersign` is this program, acting on what somebody else decided; `operator` is whoever has a shell
 * on its machine.
 */
export type Actor = Decider | { type: 'countersign' } | { type: 'operator' }

/** One thing that happened to an approval, to be recorded with the change that it describes. */
export type Fact = { [Type in EventType]: { type: Type; actor: Actor; data: Recorded[Type] } }[EventType]
