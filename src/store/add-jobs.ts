import type pg from 'pg'
import type { NewJob } from './consequences.ts'
import { reach, write, type Database } from './database.ts'

// What belongs to the change of an approval is written with it: `consequences.ts`. Here is the rest.

/** The statement that writes jobs, or that part of a larger one; `jobValues` are its parameters, from that one on. */
export const insertJobs = (first: number) => `insert into job (kind, payload, lane, due_at)
    select * from unnest($${first}::text[], $${first + 1}::json[], $${first + 2}::text[], $${first + 3}::timestamptz[])`

export function jobValues(jobs: readonly NewJob[]): unknown[][] {
  return [
    jobs.map(({ kind }) => kind),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ lane }) => lane),
    jobs.map(({ due_at }) => due_at),
  ]
}

/** Writes jobs in a transaction. */
export async function addJobs(client: pg.PoolClient, jobs: readonly NewJob[]): Promise<void> {
  await client.query({ name: 'add-jobs', text: insertJobs(1), values: jobValues(jobs) })
}

/** Writes a job that belongs to no change. */
export async function addJob(database: Database, job: NewJob): Promise<void> {
  await write(database, { name: 'add-jobs', text: insertJobs(1), values: jobValues([job]) })
}

/** Writes a job of a lane, unless one that nobody has begun is in it already. */
export async function addOnce(
  database: Database,
  job: { kind: string; payload: object; lane: string },
  at: Date,
): Promise<void> {
  const text = `insert into job (kind, payload, lane, due_at) select $1, $2::json, $3, $4
    where not exists (select from job where kind = $1 and lane = $3 and holder is null and dead_at is null and due_at <= $4)`
  const values = [job.kind, JSON.stringify(job.payload), job.lane, at]
  await reach(() => database.pool.query({ name: 'add-job-once', text, values }))
}

/** Sees to it that there is one job of this key: recurring work is written by every start, and there once. */
export async function ensureJob(database: Database, kind: string, key: string, due_at: Date): Promise<void> {
  const text = `insert into job (kind, key, payload, due_at) values ($1, $2, '{}', $3) on conflict (key) do nothing`
  await reach(() => database.pool.query({ name: 'ensure-job', text, values: [kind, key, due_at] }))
}
