import type { Approval } from './approval.ts'
import { updateCards } from './cards.ts'
import type { Outcome } from './decide.ts'
import { effective } from './effective.ts'
import { validUntil } from './withdraw.ts'

/** An execution that is about to run an action and asks for leave: `action_digest` is that of what it is about to run. */
export type ConsumeInput = {
  type: 'consume'
  by: { name: string }
  execution_id: string
  action_digest: string
}

/** Why an execution may not run. What it asks for is judged first, then what became of the permit, then the time. */
export type PermitRefusal =
  | 'not_approved'
  | 'action_differs'
  | 'consumed_by_another'
  | 'withdrawn'
  | 'outcome_reported'
  | 'past_its_time'
  | 'frozen'

/** What a permit says beside who issued it. Times are in whole seconds, and never later than they are. */
export type PermitClaims = {
  /** The approval: it has one permit. */
  jti: string
  /** The agent's name. */
  sub: string
  tool: string
  action_digest: string
  policy_version: number
  iat: number
  exp: number
}

/** What the permit of an approval says, from the moment when it is approved; null before. */
export function permitClaims(approval: Approval): PermitClaims | null {
  const { id, agent, plan, decided_at } = approval
  const until = validUntil(approval)
  if (until === null || decided_at === null) return null
  const { tool, digest } = effective(approval)
  return {
    jti: id,
    sub: agent.name,
    tool,
    action_digest: digest,
    policy_version: plan.policy_version,
    iat: seconds(decided_at),
    exp: seconds(until),
  }
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000)
}

/**
 * Lets one execution run the action, once and for all. Asked again for the same execution, which may not have got the
 * answer, it says yes again, whatever has happened since: that it may run is decided.
 *
 * @param frozen whether a freeze is in force. Then nothing begins to run, also where it was not withdrawn yet
 */
export function consume(approval: Approval, input: ConsumeInput, now: Date, frozen: boolean): Outcome {
  const { execution_id, action_digest } = input
  const actor = { type: 'agent', name: input.by.name } as const
  const because = refuse(approval, input, now, frozen)
  if (because !== null)
    return {
      next: approval,
      facts: [{ type: 'permit.refused', actor, data: { execution_id, action_digest, because } }],
      effects: [],
      reply: { counted: false, because },
    }
  if (approval.consumed !== null) return { next: approval, facts: [], effects: [], reply: { counted: true } }
  return {
    next: { ...approval, consumed: { execution_id, at: now } },
    facts: [{ type: 'permit.consumed', actor, data: { execution_id, action_digest } }],
    effects: updateCards(approval),
    reply: { counted: true },
  }
}

function refuse(
  approval: Approval,
  { execution_id, action_digest }: ConsumeInput,
  now: Date,
  frozen: boolean,
): PermitRefusal | null {
  const { consumed, withdrawn, outcome } = approval
  const until = validUntil(approval)
  if (until === null) return 'not_approved'
  if (effective(approval).digest !== action_digest) return 'action_differs'
  if (consumed !== null) return consumed.execution_id === execution_id ? null : 'consumed_by_another'
  if (withdrawn !== null) return 'withdrawn'
  if (outcome !== null) return 'outcome_reported'
  if (now >= until) return 'past_its_time'
  return frozen ? 'frozen' : null
}
