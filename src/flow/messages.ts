import type { Fact, ShownCard } from '../approval/events.ts'
import { appendEvents } from '../store/append-events.ts'
import { runStatement } from '../store/database.ts'
import {
  beginMessage,
  dropMessage,
  findMessage,
  keepMessage,
  listMessages,
  type MessageRow,
} from '../store/messages.ts'
import { holdOff, leaveQueue, takeTurn, type Budget, type Turn } from '../store/pace.ts'
import type { FlowParts } from './flow.ts'
import { eventRows } from './record.ts'

export type { MessageRow } from '../store/messages.ts'
export type { Budget, Turn } from '../store/pace.ts'

/** A message's place: of which approval, what it is, in which channel. */
export type MessagePlace = Pick<MessageRow, 'approval_id' | 'key' | 'channel'>

/** What is known of the messages in Slack, so that each is posted once, in its turn. */
export function createMessages({ database, clock }: Pick<FlowParts, 'database' | 'clock'>) {
  return {
    of: (approval_id: string): Promise<MessageRow[]> => listMessages(database, approval_id),

    /** To be called before a message is posted. False where an earlier post never came to an end: it may be there. */
    begin: (place: MessagePlace): Promise<boolean> => beginMessage(database, place, clock.now()),

    /** Forgets a message that is certainly not there. */
    abandon: (place: MessagePlace): Promise<void> => dropMessage(database, place),

    /** Records that a post that never came to an end did happen. */
    found: (place: MessagePlace, ts: string): Promise<void> => findMessage(database, place, ts),

    /** Says whether a call about a message may be made now, or when to ask again. See `store/pace.ts`. */
    turn: (place: MessagePlace, budgets: Budget[]): Promise<Turn> =>
      takeTurn(database, place, budgets, clock.now()),

    /** Lets nobody call on a budget until `until`, since Slack turned this message's call away. */
    turnedAway: (place: MessagePlace, budget: Budget, closed: { place: string | null; until: Date }) =>
      holdOff(database, place, budget, closed),

    /** Gives up a message's turn: there is nothing to say any more. */
    giveUpTurn: (place: MessagePlace): Promise<void> => leaveQueue(database, place),

    /**
     * Records a message as Slack accepted it. What it tells of is in the audit already.
     *
     * @param conversation where it is, in Slack's own words, if it is ever to be changed and `channel` is a person
     */
    record: (
      place: MessagePlace,
      ts: string,
      shown: string,
      conversation: string | null = null,
    ): Promise<unknown> =>
      runStatement(database, keepMessage({ ...place, ts, shown, conversation }, clock.now())),

    /** Records that a card was posted, or changed, as Slack accepted it; `thread_ts` is the thread that it is in. */
    async recordCard(
      place: MessagePlace,
      type: 'card.posted' | 'card.updated',
      card: ShownCard,
      thread_ts: string | null,
    ): Promise<void> {
      const { approval_id } = place
      const fact: Fact = { type, actor: { type: 'countersign' }, data: card }
      await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
        events: eventRows(approval_id, [fact], next_seq, at),
        also: keepMessage({ ...place, ts: card.ts, shown: card.shown, thread_ts }, at),
      }))
    },

    /** Records what became of a card that is not known to be there. */
    async recordCardTrouble(
      approval_id: string,
      fact: Extract<Fact, { type: 'card.failed' | 'card.unclear' }>,
    ): Promise<void> {
      await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
        events: eventRows(approval_id, [fact], next_seq, at),
      }))
    },
  }
}
