import type { JsonObject } from '../approval/approval.ts'
import type { NewJob } from './consequences.ts'
import { reach, type Database } from './database.ts'

/** A job that this process holds. `fence` must be named to finish it: a holder that lost it cannot. */
export type HeldJob = {
  id: string
  kind: string
  payload: JsonObject
  lane: string | null
  attempts: number
  due_at: Date
  fence: string
}

/** First number of the advisory lock that each living holder keeps; the second is its own. */
export const holderLockClass = 0x43534a48

/**
 * A job may be claimed when it is due, not given up, held by nobody (or its lease has ended), and the first of its
 * lane. The jobs of one lane are written under one approval's lock, so that their ids are in the order of their commits.
 */
const claim = `with candidate as (
    select id from job j
    where j.due_at <= $1 and j.dead_at is null and (j.lease_until is null or j.lease_until <= $1)
      and (j.lane is null or not exists (select from job b where b.lane = j.lane and b.id < j.id and b.dead_at is null))
    order by j.due_at, j.id limit $2::int for update skip locked
  )
  update job set holder = $3::int, lease_until = $4, fence = fence + 1, attempts = attempts + 1
  from candidate where job.id = candidate.id
  returning job.id::text, job.kind, job.payload, job.lane, job.attempts, job.due_at, job.fence::text`

export async function claimJobs(
  database: Database,
  by: { holder: number; now: Date; lease_until: Date; limit: number },
): Promise<HeldJob[]> {
  const values = [by.now, by.limit, by.holder, by.lease_until]
  const { rows } = await reach(() =>
    database.pool.query<HeldJob>({ name: 'claim-jobs', text: claim, values }),
  )
  return rows
}

/** When the next job that nobody holds is due, or null. May be past, where a lane is blocked by a job that is held. */
export async function nextDue(database: Database): Promise<Date | null> {
  const text = `select min(due_at) as due_at from job j where dead_at is null and lease_until is null
    and (j.lane is null or not exists (select from job b where b.lane = j.lane and b.id < j.id and b.dead_at is null))`
  const { rows } = await reach(() => database.pool.query<{ due_at: Date | null }>({ name: 'next-due', text }))
  return rows[0]?.due_at ?? null
}

export async function finishJob(database: Database, job: HeldJob): Promise<void> {
  const text = 'delete from job where id = $1::bigint and fence = $2::bigint'
  await reach(() => database.pool.query({ name: 'finish-job', text, values: [job.id, job.fence] }))
}

/** Gives a job back, to be run again at `due_at`. */
export async function retryJob(database: Database, job: HeldJob, due_at: Date, error: string): Promise<void> {
  const text = `update job set due_at = $3, last_error = $4, holder = null, lease_until = null where id = $1::bigint and fence = $2::bigint`
  await reach(() =>
    database.pool.query({ name: 'retry-job', text, values: [job.id, job.fence, due_at, error] }),
  )
}

/** Gives a job up. It stays, to be seen and run again. */
export async function buryJob(database: Database, job: HeldJob, now: Date, error: string): Promise<void> {
  const text = `update job set dead_at = $3, last_error = $4, holder = null, lease_until = null where id = $1::bigint and fence = $2::bigint`
  await reach(() => database.pool.query({ name: 'bury-job', text, values: [job.id, job.fence, now, error] }))
}

/** Takes the jobs of processes that are gone, known by the lock that ended with their connection. Returns how many. */
export async function takeFromTheDead(database: Database): Promise<number> {
  const text = `update job set holder = null, lease_until = null
    where lease_until is not null and holder not in
      (select objid::int from pg_locks where locktype = 'advisory' and classid = $1::int::oid and objsubid = 2 and granted)`
  const { rowCount } = await reach(() =>
    database.pool.query({ name: 'take-from-the-dead', text, values: [holderLockClass] }),
  )
  return rowCount ?? 0
}

/** Writes jobs outside of a change to an approval. */
export async function addJobs(database: Database, jobs: NewJob[]): Promise<void> {
  const text = `insert into job (kind, payload, lane, due_at)
    select * from unnest($1::text[], $2::json[], $3::text[], $4::timestamptz[])`
  const values = [
    jobs.map((j) => j.kind),
    jobs.map((j) => JSON.stringify(j.payload)),
    jobs.map((j) => j.lane),
    jobs.map((j) => j.due_at),
  ]
  await reach(() => database.pool.query({ name: 'add-jobs', text, values }))
}
