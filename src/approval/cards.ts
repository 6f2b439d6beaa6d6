import { votingRoles, type Approval } from './approval.ts'
import type { Effect } from './decide.ts'

/** A card: of a stage, for a role that may vote there, in the channel that the role has at the time. */
export type CardOf = { stage: number; role: string }

/** The cards of one stage; of none where there is no such stage. */
export function cardsOfStage({ stages }: Pick<Approval, 'stages'>, stage: number): CardOf[] {
  const state = stages[stage]
  return state ? votingRoles(state).map((role) => ({ stage, role })) : []
}

/** The cards that an approval has by now: a stage gets its own when it first opens, and keeps it when it has to wait again. */
export function cardsOf(approval: Pick<Approval, 'stages'>): CardOf[] {
  return approval.stages.flatMap(({ opened_at }, stage) =>
    opened_at === null ? [] : cardsOfStage(approval, stage),
  )
}

/** Its cards are brought up to date, where there are any: what the policy decided by itself was never shown to anybody. */
export function updateCards({ stages }: Pick<Approval, 'stages'>): Effect[] {
  return stages.length === 0 ? [] : [{ do: 'show_cards' }]
}
