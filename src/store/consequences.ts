import type { JsonObject } from '../approval/approval.ts'
import { bytesInJson, chained, type NewEvent } from './chain.ts'
import { homesPart, type Readers } from './homes.ts'

/** What is written in the transaction that changes an approval, beside the approval itself. */
export type Consequences = {
  events: EventRow[]
  jobs: NewJob[]
  callbacks: { id: string; type: string; url: string; body: string }[]
  /** Whose Homes are to be drawn again; null where nothing changed that they show. */
  readers: Readers | null
}

/** `seq` counts within the approval, from 1. */
export type EventRow = NewEvent & { seq: number }

export type NewJob = { kind: string; payload: JsonObject; lane: string | null; due_at: Date }

/** What follows from one approval's change at that moment; `head` is the hash of its last event before it. */
export type Following = { approval_id: string; at: Date; head: Uint8Array; consequences: Consequences }

/**
 * The inserts of `consequenceValues` as parts of a `with` statement whose part `changed (id)` holds the ids of the approvals
 * that were written: of the others nothing is written here either. They use the parameters $1 to $4. Rows are numbered in
 * the order in which they were given, on which the jobs of one lane rely.
 */
export const consequenceParts = `
  new_event as (
    insert into event (approval_id, seq, type, at, person, body, hash)
    select e.approval_id, e.seq, e.type, e.at, e.person, e.body, e.hash
    from json_to_recordset($1::json) as e
      (approval_id text, seq int, type text, at timestamptz, person text, body text, hash bytea)
    where e.approval_id in (select id from changed) order by e.approval_id, e.seq
  ),
  new_job as (
    insert into job (kind, payload, lane, due_at)
    select j.kind, j.payload, j.lane, j.due_at
    from rows from (json_to_recordset($2::json) as (approval_id text, kind text, payload json, lane text, due_at timestamptz))
      with ordinality as j (approval_id, kind, payload, lane, due_at, place)
    where j.approval_id in (select id from changed) order by j.place
  ),
  new_callback as (
    insert into callback (id, approval_id, type, url, body, status, attempts, created_at)
    select c.id, c.approval_id, c.type, c.url, c.body, 'pending', 0, c.at
    from json_to_recordset($3::json) as c (approval_id text, at timestamptz, id text, type text, url text, body text)
    where c.approval_id in (select id from changed)
  ),${homesPart('$4')}`

/** The parameters, and for each of `all` the hash of its last event from then on. */
export function consequenceValues(all: Following[]): { values: string[]; heads: Uint8Array[] } {
  const linked = all.map(({ head, consequences }) => chained(head, consequences.events))
  const rows = <Row>(rowsOf: (consequences: Consequences, index: number) => Row[]) =>
    JSON.stringify(
      all.flatMap(({ approval_id, at, consequences }, index) =>
        rowsOf(consequences, index).map((row) => ({ ...row, approval_id, at })),
      ),
    )
  return {
    values: [
      rows((_, index) => linked[index]!.events.map((e) => ({ ...e, hash: bytesInJson(e.hash) }))),
      rows(({ jobs }) => jobs),
      rows(({ callbacks }) => callbacks),
      rows(({ readers }) => (readers ? [readers] : [])),
    ],
    heads: linked.map(({ head }) => head),
  }
}
