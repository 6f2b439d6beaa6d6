import type {
  Action,
  Decider,
  Decision,
  Person,
  ReportedOutcome,
  Request,
  Risk,
  Status,
  Vote,
} from './approval.ts'
import type { Change } from './difference.ts'
import type { Plan } from './plan.ts'
import type { Refusal, Seen } from './click.ts'
import type { PermitRefusal } from './permit.ts'

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
  /** It stands still: who waits cannot be approved. And that it goes on, with the frozen time given back. */
  'approval.frozen': { freeze_id: string; reason: string }
  'approval.thawed': { given_ms: number; expires_at: Date }
  /** An approved action may no longer run. */
  'approval.withdrawn': { reason: string | null }
  /** The permit was used: this execution may run the action. `action_digest` is that of what it runs. */
  'permit.consumed': PermitUse
  /** An execution was not let run. */
  'permit.refused': PermitUse & { because: PermitRefusal }
  /** What the agent says came of the action; `execution_id` is the one that used the permit. */
  'outcome.reported': ReportedOutcome & { execution_id: string | null }
  /** The policy's time for an outcome is over, and none was reported. */
  'outcome.missed': { execution_id: string | null; lateness_ms: number }
  'vote.cast': Pick<Vote, 'vote' | 'roles' | 'comment'> & { stage: number; revision: number } & Basis
  /** A click, or a form's submission, that changed nothing. `detail` says more of it, where there is more to say. */
  'click.refused': {
    click:
      | Vote['vote']
      | 'extend'
      | 'break_glass'
      | 'details'
      | 'edit'
      | 'ask'
      | 'revoke'
      | 'assign'
      | 'take_up'
      | 'let_go'
    stage: number
    revision: number
    because: Refusal
    comment: string | null
    seen: Seen | null
    detail?: string
  }
  /** A click that opened a form; the vote itself comes with the form. */
  'form.opened': {
    click: Vote['vote'] | 'break_glass' | 'edit' | 'ask' | 'revoke' | 'assign'
    stage: number
    revision: number
  }
  /** Somebody is asked in particular, who may vote through these roles. */
  'approval.assigned': { stage: number; to: Person; roles: string[] }
  /** Somebody says that they are on it, in the place of whom; and that they are not any more. */
  'approval.taken_up': { stage: number; from: Person | null }
  'approval.let_go': { stage: number }
  /** `called` says whether the agent left an address where it is told of the question. */
  'question.asked': {
    stage: number
    revision: number
    question_id: string
    text: string
    roles: string[]
    called: boolean
  }
  /** The agent's own words. */
  'question.answered': { question_id: string; text: string }
  /** Somebody was given all of the request to read, as it was at `revision`; and that Slack did not show it to them. */
  'details.opened': { stage: number; revision: number }
  'details.failed': { stage: number; revision: number; error: string }
  /** Somebody approved alone; `left` are the roles of the stages that had not been met. */
  'glass.broken': { stage: number; revision: number; reason: string; left: string[] } & Basis
  /**
   * Somebody changed what is asked for. `changes` are those of this edit, from the digest before it; `voided` are those
   * whose approvals count no more; `plan` is what is asked from now on.
   */
  'action.edited': {
    stage: number
    revision: number
    seen: Seen | null
    note: string | null
    original_digest: string
    from_digest: string
    to_digest: string
    changes: Change[]
    voided: Person[]
    plan: Plan
    evaluation: Evaluation
    expires_at: Date
  }
  'stage.met': { stage: number; role: string }
  /** Nobody can meet the stage right now, and why; and that somebody can again, through `role`. */
  'stage.unreachable': { stage: number; why: string }
  'stage.reachable': { stage: number; role: string }
  'step.reminded': StepTaken & { roles: string[] }
  'step.mentioned': StepTaken & { roles: string[] }
  'step.escalated': StepTaken & { to: string }
  'step.required': StepTaken & { approvals: number }
  /** So many percent of the approval's time are over. */
  'step.warned': { stage: number; percent: number; expires_at: Date; lateness_ms: number }
  'approval.extended': { stage: number; from: Date; to: Date }
  'card.posted': ShownCard
  'card.updated': ShownCard
  /** One of more requests in a channel within a minute than `most`: it is the first that another card shows. */
  'flood.began': { flood_id: string; channel: string; most: number }
  /** It has no card of its own there: the flood's card lists it. */
  'card.gathered': CardPlace & { flood_id: string }
  /** Slack would not take a card; `error` is its word for why. */
  'card.failed': CardPlace & { error: string }
  /** Slack gave no answer: the card may be there or not, and is looked for before it is posted again. */
  'card.unclear': CardPlace & { error: string }
  /** The auditor found that something had not happened, and set it going again. */
  'auditor.repaired': { found: 'overdue_step' | 'missing_card' | 'idle_callback' | 'missing_callback' }
  'callback.tried': CallbackTry & { callback_id: string; attempt: number }
  /** Somebody had it queued again, after so many tries. */
  'callback.redelivered': {
    callback_id: string
    callback_type: string
    was: CallbackTry['callback_status']
    attempts: number
  }
}

export type EventType = keyof Recorded

/** What somebody decided on: the card that was on their screen, by which policy it was asked, the action that would run. */
type Basis = { seen: Seen | null; policy_version: number; action_digest: string }

/**
 * How the policy came to its plan: the conditions that failed, and what that changed; what it saw of the past, null where
 * that could not be told.
 */
export type Evaluation = {
  faults: { rule: string; detail: string }[]
  history: Record<string, number | null>
}

/** `level` counts the rungs taken with this one; `lateness_ms` is below zero where the ladder moved on early. */
type StepTaken = { stage: number; level: number; lateness_ms: number }

type PermitUse = { execution_id: string; action_digest: string }

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
