import { appendEvents } from '../store/append-events.ts'
import { listCards, type CardRow } from '../store/cards.ts'
import type { FlowParts } from './create.ts'
import { eventRows } from './record.ts'

export type { CardRow } from '../store/cards.ts'

/** A card as Slack accepted it. `shown` is the SHA-256 of its blocks and text. */
export type ShownCard = Pick<CardRow, 'approval_id' | 'stage' | 'role' | 'channel' | 'ts' | 'shown'> & {
  revision: number
  status: string
}

export async function cardsOf({ database }: FlowParts, approval_id: string): Promise<CardRow[]> {
  return listCards(database, approval_id)
}

/** Records that a card was posted, or changed, as Slack accepted it. */
export async function recordCard(
  { database, clock }: FlowParts,
  type: 'card.posted' | 'card.updated',
  card: ShownCard,
): Promise<void> {
  const { approval_id, stage, role, channel, ts, shown, revision, status } = card
  const data = { stage, role, channel, ts, shown, revision, status }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [{ type, actor: { type: 'countersign' }, data }], next_seq, at),
    also: {
      text: `insert into card (approval_id, stage, role, channel, ts, shown, posted_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)
        on conflict (approval_id, stage, role) do update set channel = $4, ts = $5, shown = $6, updated_at = $7`,
      values: [approval_id, stage, role, channel, ts, shown, at],
    },
  }))
}

/** Records that Slack would not take a card, in Slack's word for why. */
export async function recordCardFailure(
  { database, clock }: FlowParts,
  card: Pick<ShownCard, 'approval_id' | 'stage' | 'role' | 'channel'> & { error: string },
): Promise<void> {
  const { approval_id, ...data } = card
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(
      approval_id,
      [{ type: 'card.failed', actor: { type: 'countersign' }, data }],
      next_seq,
      at,
    ),
  }))
}
