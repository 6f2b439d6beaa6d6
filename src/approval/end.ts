import { isTerminal, type Approval, type Decider, type Decision, type Status } from './approval.ts'
import { unattended } from './attended.ts'
import { updateCards } from './cards.ts'
import type { Effect, Outcome } from './decide.ts'
import type { Actor, Fact } from './events.ts'
import { nextTimer } from './ladder.ts'

/** `actor` is who had it taken back in the agent's name, where that was not the agent. */
export type CancelInput = { type: 'cancel'; by: { name: string }; reason: string | null; actor?: Actor }

type Ending = Exclude<Status, 'pending'>

/** Ends a pending approval: the one place that makes a status terminal. */
export function end(
  approval: Approval,
  status: Ending,
  by: Decider,
  now: Date,
  words: { reason?: string | null; retry?: Decision['retry']; actor?: Actor | undefined } = {},
): { next: Approval; facts: Fact[]; effects: Effect[] } {
  if (isTerminal(approval))
    throw new Error(`${approval.id} is ${approval.status} and cannot become ${status}`)
  const decision: Decision = { by, reason: words.reason ?? null, retry: words.retry ?? null, at: now }
  const next: Approval = {
    ...unattended(approval),
    status,
    decided_at: now,
    decision,
    escalation: { ...approval.escalation, next_at: null },
    unreachable: null,
    callback: approval.callback_url === null ? approval.callback : { status: 'pending', attempts: 0 },
  }
  const type = `approval.${status}` as const
  return {
    next,
    facts: [{ type, actor: words.actor ?? by, data: { reason: decision.reason, retry: decision.retry } }],
    effects: [
      ...updateCards(approval),
      ...(approval.callback_url === null ? [] : [{ do: 'call_back', type } satisfies Effect]),
      ...nextTimer(next),
    ],
  }
}

/** The agent takes its request back, or an admin does in its name. */
export function cancel(approval: Approval, input: CancelInput, now: Date): Outcome {
  if (isTerminal(approval))
    return { next: approval, facts: [], effects: [], reply: { counted: false, because: 'decided' } }
  const by: Decider = { type: 'agent', name: input.by.name }
  const { reason, actor } = input
  return { ...end(approval, 'cancelled', by, now, { reason, actor }), reply: { counted: true } }
}

/** Nobody decided in time. Nothing is ever approved by silence. */
export function timeOut(approval: Approval, now: Date): Outcome {
  const status = approval.plan.on_timeout === 'reject' ? 'rejected' : 'expired'
  const reason =
    status === 'rejected' ? 'Nobody decided in time, and the policy rejects then' : 'Nobody decided in time'
  return { ...end(approval, status, { type: 'timeout' }, now, { reason }), reply: { counted: true } }
}
