import type { Approval } from './approval.ts'
import { human, refuseClick, refusedClick, type ClickInput, type Refusal } from './click.ts'
import type { Outcome } from './decide.ts'

/**
 * Somebody says that they are looking at it, so that two do not at once, or that they are not any more. It keeps nobody from
 * anything: whoever is in the role may vote meanwhile, or take it over.
 */
export type OnItInput = ClickInput & { type: 'take_up' | 'let_go' }

export function onIt(approval: Approval, input: OnItInput, now: Date): Outcome {
  const because = refuse(approval, input)
  if (because !== null) return refusedClick(approval, input, input.type, because)
  const { by, stage } = input
  const actor = human(by)
  const taken = input.type === 'take_up'
  return {
    next: { ...approval, on_it: taken ? { by, at: now } : null },
    facts: [
      taken
        ? { type: 'approval.taken_up', actor, data: { stage, from: approval.on_it?.by ?? null } }
        : { type: 'approval.let_go', actor, data: { stage } },
    ],
    effects: [{ do: 'show_cards' }],
    reply: { counted: true },
  }
}

function refuse(approval: Approval, input: OnItInput): Refusal | null {
  const refusal = refuseClick(approval, input)
  if (refusal !== null) return refusal
  const mine = approval.on_it?.by.slack_user_id === input.by.slack_user_id
  // A click may come twice: the second must not undo the first.
  if (input.type === 'take_up') return mine ? 'on_it_already' : null
  return mine ? null : 'not_on_it'
}
