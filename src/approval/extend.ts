import type { Approval } from './approval.ts'
import { human, refuseClick, refusedClick, type ClickInput } from './click.ts'
import type { Outcome } from './decide.ts'
import { moveEnd, nextTimer } from './ladder.ts'

/** An approver asks for more time, once, where the rule lets them. */
export type ExtendInput = ClickInput & { type: 'extend' }

export function extend(approval: Approval, input: ExtendInput, now: Date): Outcome {
  const { extend_ms } = approval.plan
  const refusal =
    refuseClick(approval, input) ??
    (extend_ms === null ? 'not_allowed' : approval.escalation.extended ? 'extended_already' : null)
  if (refusal !== null || extend_ms === null)
    return refusedClick(approval, input, 'extend', refusal ?? 'not_allowed')
  const expires_at = new Date(approval.expires_at.getTime() + extend_ms)
  const extended = { ...approval, escalation: { ...approval.escalation, extended: true } }
  const next = moveEnd(extended, expires_at, now)
  return {
    next,
    facts: [
      {
        type: 'approval.extended',
        actor: human(input.by),
        data: { stage: input.stage, from: approval.expires_at, to: expires_at },
      },
    ],
    effects: [{ do: 'show_cards' }, ...nextTimer(next)],
    reply: { counted: true },
  }
}
