import { link } from '../platform/chain.ts'
import type { RecordingClient } from './database.ts'

/** What is kept of any event. `body` is the exact text that evidence is computed over; `person` is for searching. */
export type NewEvent = { type: string; body: string; person: string | null }

/** Gives each of the events that follow `previous` its hash; `head` is the last one's. */
export function chained<E extends NewEvent>(
  previous: Uint8Array,
  events: readonly E[],
): { events: (E & { hash: Buffer })[]; head: Uint8Array } {
  let head = previous
  const linked = events.map((event) => {
    const hash = link(head, event.body)
    head = hash
    return { ...event, hash }
  })
  return { events: linked, head }
}

/** As PostgreSQL reads bytes out of a JSON text. */
export function bytesInJson(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`
}

/**
 * Adds events that belong to no approval, such as what admins do. They have one chain, whose end is locked until the
 * transaction is over: to be called last in it, and nowhere that is in a hurry.
 */
export async function appendAdminEvents(
  client: RecordingClient,
  at: Date,
  events: readonly NewEvent[],
): Promise<void> {
  const { rows } = await client.query<{ events: number; head: Buffer }>(
    'select events, head from admin_chain for update',
  )
  const before = rows[0]
  if (!before) throw new Error('the table admin_chain has lost its row')
  const added = chained(before.head, events)
  await client.query(
    `with counted as (update admin_chain set events = events + $7::int, head = $6)
     insert into event (seq, type, at, person, body, hash)
     select $1::int + e.nth, e.type, $2, e.person, e.body, e.hash
     from unnest($3::text[], $4::text[], $5::text[], $8::bytea[]) with ordinality as e (type, person, body, hash, nth)
     order by e.nth`,
    [
      before.events,
      at,
      added.events.map(({ type }) => type),
      added.events.map(({ person }) => person),
      added.events.map(({ body }) => body),
      added.head,
      added.events.length,
      added.events.map(({ hash }) => hash),
    ],
  )
}
