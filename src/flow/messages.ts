import type { Fact, ShownCard } from '../approval/events.ts'
import { appendEvents } from '../store/append-events.ts'
import { runStatement } from '../store/database.ts'
import { beginMessage, dropMessage, keepMessage, listMessages, type MessageRow } from '../store/messages.ts'
import type { FlowParts } from './create.ts'
import { eventRows } from './record.ts'

export type { MessageRow } from '../store/messages.ts'

/** A message's place: of which approval, what it is, in which channel. */
export type MessagePlace = Pick<MessageRow, 'approval_id' | 'key' | 'channel'>

export async function messagesOf({ database }: FlowParts, approval_id: string): Promise<MessageRow[]> {
  return listMessages(database, approval_id)
}

/** To be called before a message is posted. False where an earlier post never came to an end: it may be there. */
export async function beginPost({ database, clock }: FlowParts, place: MessagePlace): Promise<boolean> {
  return beginMessage(database, place, clock.now())
}

export async function abandonPost({ database }: FlowParts, place: MessagePlace): Promise<void> {
  await dropMessage(database, place)
}

/** Records a line of a thread as Slack accepted it. What it tells of is in the audit already. */
export async function recordLine(
  { database, clock }: FlowParts,
  place: MessagePlace,
  ts: string,
  shown: string,
): Promise<void> {
  await runStatement(database, keepMessage({ ...place, ts, shown }, clock.now()))
}

/** Records that a card was posted, or changed, as Slack accepted it. */
export async function recordCard(
  { database, clock }: FlowParts,
  place: MessagePlace,
  type: 'card.posted' | 'card.updated',
  card: ShownCard,
): Promise<void> {
  const { approval_id } = place
  const fact: Fact = { type, actor: { type: 'countersign' }, data: card }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
    also: keepMessage({ ...place, ts: card.ts, shown: card.shown }, at),
  }))
}

/** Records what became of a card that is not known to be there. */
export async function recordCardTrouble(
  { database, clock }: FlowParts,
  approval_id: string,
  fact: Extract<Fact, { type: 'card.failed' | 'card.unclear' }>,
): Promise<void> {
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
  }))
}
