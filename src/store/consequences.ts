import type { JsonObject } from '../approval/approval.ts'

/** What is written in the transaction that changes an approval, beside the approval itself. */
export type Consequences = {
  events: EventRow[]
  jobs: NewJob[]
  callbacks: { id: string; type: string; url: string; body: string }[]
}

/** `body` is the exact text that evidence is computed over; `seq` counts within the approval, from 1. */
export type EventRow = { seq: number; type: string; body: string }

export type NewJob = { kind: string; payload: JsonObject; lane: string | null; due_at: Date }

/**
 * The inserts of `consequences` as parts of a `with` statement whose part `changed (id)` holds the approval's id, or
 * nothing when nothing was changed, and then these write nothing either. They use the parameters $1 to $12.
 */
export const consequenceParts = `
  new_event as (
    insert into event (approval_id, seq, type, at, body)
    select changed.id, e.seq, e.type, $1::timestamptz, e.body
    from changed, unnest($2::int[], $3::text[], $4::text[]) as e (seq, type, body)
  ),
  new_job as (
    insert into job (kind, payload, lane, due_at)
    select j.kind, j.payload, j.lane, j.due_at
    from changed, unnest($5::text[], $6::json[], $7::text[], $8::timestamptz[]) as j (kind, payload, lane, due_at)
  ),
  new_callback as (
    insert into callback (id, approval_id, type, url, body, status, attempts, created_at)
    select c.id, changed.id, c.type, c.url, c.body, 'pending', 0, $1::timestamptz
    from changed, unnest($9::text[], $10::text[], $11::text[], $12::text[]) as c (id, type, url, body)
  )`

export function consequenceValues({ events, jobs, callbacks }: Consequences, now: Date): unknown[] {
  return [
    now,
    events.map((event) => event.seq),
    events.map((event) => event.type),
    events.map((event) => event.body),
    jobs.map((job) => job.kind),
    jobs.map((job) => JSON.stringify(job.payload)),
    jobs.map((job) => job.lane),
    jobs.map((job) => job.due_at),
    callbacks.map((callback) => callback.id),
    callbacks.map((callback) => callback.type),
    callbacks.map((callback) => callback.url),
    callbacks.map((callback) => callback.body),
  ]
}
