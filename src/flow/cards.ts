import type { CardPlace, Fact, ShownCard } from '../approval/events.ts'
import { appendEvents } from '../store/append-events.ts'
import { keepCard, listCards, type CardRow } from '../store/cards.ts'
import type { FlowParts } from './create.ts'
import { eventRows } from './record.ts'

export async function cardsOf({ database }: FlowParts, approval_id: string): Promise<CardRow[]> {
  return listCards(database, approval_id)
}

/** Records that a card was posted, or changed, as Slack accepted it. */
export async function recordCard(
  { database, clock }: FlowParts,
  approval_id: string,
  type: 'card.posted' | 'card.updated',
  card: ShownCard,
): Promise<void> {
  const fact: Fact = { type, actor: { type: 'countersign' }, data: card }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
    also: keepCard(approval_id, card, at),
  }))
}

/** Records that Slack would not take a card, in Slack's word for why. */
export async function recordCardFailure(
  { database, clock }: FlowParts,
  approval_id: string,
  card: CardPlace & { error: string },
): Promise<void> {
  const fact: Fact = { type: 'card.failed', actor: { type: 'countersign' }, data: card }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
  }))
}
