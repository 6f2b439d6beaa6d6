import type pg from 'pg'
import { insertJobs, jobValues } from './add-jobs.ts'
import { chained } from './chain.ts'
import type { EventRow, NewJob } from './consequences.ts'
import { recording, type Database } from './database.ts'

export type Statement = { text: string; values: unknown[] }

/** What is written together: events, jobs, and one more statement about something that belongs to the approval. */
export type Appended = { events: EventRow[]; jobs?: NewJob[]; also?: Statement }

/** Under the approval's lock, so that the numbers of its events have no gaps. */
export const lockEvents = {
  name: 'lock-events',
  text: 'select events, head from approval where id = $1 for update',
}

const append = `with counted as (update approval set events = events + $2::int, head = $11 where id = $1),
  new_job as (
    ${insertJobs(7)}
  )
  insert into event (approval_id, seq, type, at, person, body, hash)
  select $1, e.seq, e.type, $3::timestamptz, e.person, e.body, e.hash
  from unnest($4::int[], $5::text[], $6::text[], $12::text[], $13::bytea[]) as e (seq, type, body, person, hash)`

/**
 * Adds audit events to an approval whose state does not change, together with what they tell of (a card, a callback).
 * False where there is no such approval.
 *
 * @param build may read with `client`, in the same transaction
 */
export async function appendEvents(
  database: Database,
  approval_id: string,
  now: () => Date,
  build: (next_seq: number, at: Date, client: pg.PoolClient) => Appended | Promise<Appended>,
): Promise<boolean> {
  return recording(database, async (client) => {
    const { rows } = await client.query<{ events: number; head: Buffer }>({
      ...lockEvents,
      values: [approval_id],
    })
    if (!rows[0]) return false
    const at = now()
    const { events: written, jobs = [], also } = await build(rows[0].events + 1, at, client)
    if (also) await client.query(also)
    await client.query(appending(approval_id, at, chained(rows[0].head, written), jobs))
    return true
  })
}

/** The statement that adds events with their hashes, and jobs; the approval is locked. */
export function appending(
  approval_id: string,
  at: Date,
  { events, head }: { events: (EventRow & { hash: Uint8Array })[]; head: Uint8Array },
  jobs: NewJob[],
): Statement & { name: string } {
  return {
    name: 'append-events',
    text: append,
    values: [
      approval_id,
      events.length,
      at,
      events.map((e) => e.seq),
      events.map((e) => e.type),
      events.map((e) => e.body),
      ...jobValues(jobs),
      head,
      events.map((e) => e.person),
      events.map((e) => e.hash),
    ],
  }
}
