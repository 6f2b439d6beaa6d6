import type { Approval, ReportedOutcome } from './approval.ts'
import { updateCards } from './cards.ts'
import type { Effect, Outcome, Step } from './decide.ts'
import type { Fact } from './events.ts'
import { validUntil } from './withdraw.ts'

/** The agent says what came of the action. */
export type OutcomeInput = { type: 'report_outcome'; by: { name: string }; outcome: ReportedOutcome }

/** Why a report cannot be taken: there was nothing to run, or another one was made before. */
export type OutcomeRefusal = 'not_approved' | 'outcome_reported'

/**
 * Keeps what the agent reports, once. The same report again changes nothing and counts. It is taken whatever became of the
 * approval since, also where it was withdrawn or its time is over: what happened is kept, and above all what should not have.
 */
export function reportOutcome(approval: Approval, { by, outcome }: OutcomeInput, now: Date): Outcome {
  const because = refuse(approval, outcome)
  if (because !== null) return { next: approval, facts: [], effects: [], reply: { counted: false, because } }
  if (approval.outcome !== null) return { next: approval, facts: [], effects: [], reply: { counted: true } }
  const fact: Fact = {
    type: 'outcome.reported',
    actor: { type: 'agent', name: by.name },
    data: { ...outcome, execution_id: approval.consumed?.execution_id ?? null },
  }
  return {
    next: { ...approval, outcome: { ...outcome, at: now } },
    facts: [fact],
    effects: updateCards(approval),
    reply: { counted: true },
  }
}

function refuse(approval: Approval, outcome: ReportedOutcome): OutcomeRefusal | null {
  if (validUntil(approval) === null) return 'not_approved'
  return approval.outcome === null || isSame(approval.outcome, outcome) ? null : 'outcome_reported'
}

function isSame(a: ReportedOutcome, b: ReportedOutcome): boolean {
  return (
    a.status === b.status &&
    a.error === b.error &&
    a.attempts === b.attempts &&
    a.duration_ms === b.duration_ms &&
    a.cost?.amount === b.cost?.amount &&
    a.cost?.currency === b.cost?.currency &&
    a.tokens?.input === b.tokens?.input &&
    a.tokens?.output === b.tokens?.output
  )
}

/** When the policy's time for an outcome is over; null where it sets none, or none is awaited any more. */
export function outcomeMoment(approval: Approval): { step: Step; at: Date } | null {
  const { decided_at, outcome, missed_at, withdrawn, plan } = approval
  if (validUntil(approval) === null || decided_at === null) return null
  if (outcome !== null || missed_at !== null || withdrawn !== null) return null
  // Plans of before there was this term have no such field.
  if (!plan.outcome_within_ms) return null
  return { step: { at: 'outcome' }, at: new Date(decided_at.getTime() + plan.outcome_within_ms) }
}

/** The time for an outcome is over without one: the agent's owner is told, once. */
export function missOutcome(
  approval: Approval,
  lateness_ms: number,
  now: Date,
): { next: Approval; facts: Fact[]; effects: Effect[] } {
  const data = { execution_id: approval.consumed?.execution_id ?? null, lateness_ms }
  const fact: Fact = { type: 'outcome.missed', actor: { type: 'timeout' }, data }
  return { next: { ...approval, missed_at: now }, facts: [fact], effects: [] }
}
