import type { Approval, Decider } from './approval.ts'
import { updateCards } from './cards.ts'
import type { Effect, Outcome } from './decide.ts'
import type { Fact } from './events.ts'
import { nothing } from './ladder.ts'

/** Until when an approved action may be acted on; null where it is not approved. */
export function validUntil({ status, decided_at, plan }: Approval): Date | null {
  if (status !== 'approved' || decided_at === null) return null
  return new Date(decided_at.getTime() + plan.valid_for_ms)
}

/** Whether it is approved and, as far as is known, nobody has begun to act on it and nobody has withdrawn it. */
export function isUnspent(approval: Approval): boolean {
  const { withdrawn, consumed, outcome } = approval
  return validUntil(approval) !== null && withdrawn === null && consumed === null && outcome === null
}

/** Whether somebody may still act on it: then it can be withdrawn. */
export function isActionable(approval: Approval, now: Date): boolean {
  const until = validUntil(approval)
  return until !== null && now < until && isUnspent(approval)
}

/** An approved action may no longer run. The status stays `approved`: what was decided was decided. */
export function withdraw(approval: Approval, by: Decider, reason: string | null, now: Date): Outcome {
  if (!isActionable(approval, now)) return nothing(approval)
  const next: Approval = { ...approval, withdrawn: { by, reason, at: now } }
  const fact: Fact = { type: 'approval.withdrawn', actor: by, data: { reason } }
  const effects: Effect[] = [
    ...updateCards(approval),
    ...(approval.callback_url === null
      ? []
      : [{ do: 'call_back', type: 'approval.withdrawn' } satisfies Effect]),
  ]
  return { next, facts: [fact], effects, reply: { counted: true } }
}
