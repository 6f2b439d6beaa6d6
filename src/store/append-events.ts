import { transaction, type Database } from './database.ts'
import type { EventRow } from './consequences.ts'

export type Statement = { text: string; values: unknown[] }

/**
 * Adds audit events to an approval whose state does not change, together with one more statement about something that
 * belongs to it (a card, a callback). Under the approval's lock, so that the numbers of its events have no gaps.
 * False where there is no such approval.
 */
export async function appendEvents(
  database: Database,
  approval_id: string,
  now: () => Date,
  build: (next_seq: number, at: Date) => { events: EventRow[]; also?: Statement },
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ events: number }>({
      name: 'lock-events',
      text: 'select events from approval where id = $1 for update',
      values: [approval_id],
    })
    if (!rows[0]) return false
    const at = now()
    const { events, also } = build(rows[0].events + 1, at)
    if (also) await client.query(also)
    await client.query({
      name: 'append-events',
      text: `with counted as (update approval set events = events + $2::int where id = $1)
        insert into event (approval_id, seq, type, at, body)
        select $1, e.seq, e.type, $3::timestamptz, e.body from unnest($4::int[], $5::text[], $6::text[]) as e (seq, type, body)`,
      values: [
        approval_id,
        events.length,
        at,
        events.map((e) => e.seq),
        events.map((e) => e.type),
        events.map((e) => e.body),
      ],
    })
    return true
  })
}
