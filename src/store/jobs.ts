import type { JsonObject } from '../approval/approval.ts'
import { reach, type Database } from './database.ts'
import { gather, onceFor } from './gather.ts'

/** A job that this process holds. `fence` must be named to finish it: a holder that lost it cannot. */
export type HeldJob = {
  id: string
  kind: string
  payload: JsonObject
  /** How often it failed since it last got on. */
  failures: number
  due_at: Date
  fence: string
}

/** First number of the advisory lock that each living holder keeps; the second is its own. */
export const holderLockClass = 0x43534a48

/** How many more jobs of a kind a holder can run. */
export type Room = { kind: string; free: number }

/** The first of its lane, which is what a job must be to be run: `j` is the job. */
const firstOfLane = `(j.lane is null or not exists (
  select from job b where b.lane = j.lane and b.id < j.id and b.dead_at is null))`

/** When the next job of these kinds (an array) is due that nobody holds. Kind by kind, each by the start of its index. */
const nextDue = (
  kinds: string,
  after = 'true',
) => `(select min(first.due_at) from unnest(${kinds}) as wanted (kind)
  cross join lateral (
    select j.due_at from job j
    where j.kind = wanted.kind and j.dead_at is null and j.holder is null and ${after} and ${firstOfLane}
    order by j.due_at limit 1
  ) first)`

/**
 * A job may be claimed when it is due, not given up, held by nobody (or by another whose lease has ended: what a holder
 * still runs itself, it does not run twice), and the first of its lane. The jobs of one lane are written under one approval's lock, so that their ids are in the order of their commits.
 */
const claim = `with candidate as (
    select due.id from unnest($4::text[], $5::int[]) as room (kind, free)
    cross join lateral (
      select j.id from job j
      where j.kind = room.kind and j.due_at <= $1 and j.dead_at is null
        and (j.lease_until is null or j.lease_until <= $1 and j.holder <> $2::int) and ${firstOfLane}
      order by j.due_at, j.id limit room.free for update skip locked
    ) due
  ), claimed as (
    update job set holder = $2::int, lease_until = $3, fence = fence + 1, attempts = attempts + 1
    from candidate where job.id = candidate.id
    returning job.id::text, job.kind, job.payload, job.failures, job.due_at, job.fence::text
  ), upcoming as (
    select ${nextDue('$4::text[]', 'j.due_at > $1')} as next_due
  )
  select upcoming.next_due, claimed.* from upcoming left join claimed on true`

/**
 * Claims what is due, at most what there is room for. `next_due` is when the next job of those kinds will be due: what is
 * due already and was not claimed, though there was room, is just being claimed by another holder.
 */
export async function claimJobs(
  database: Database,
  by: { holder: number; now: Date; lease_until: Date; room: Room[] },
): Promise<{ jobs: HeldJob[]; next_due: Date | null }> {
  const values = [by.now, by.holder, by.lease_until, by.room.map((r) => r.kind), by.room.map((r) => r.free)]
  type Row = { next_due: Date | null } & (HeldJob | { id: null })
  const { rows } = await reach(() => database.pool.query<Row>({ name: 'claim-jobs', text: claim, values }))
  const jobs = rows.filter((row): row is Row & HeldJob => row.id !== null)
  return { jobs, next_due: rows[0]?.next_due ?? null }
}

/** What a look around found: when the next job is due, and holders of jobs that do not seem to live. */
export type Look = { next_due: Date | null; suspects: number[]; lost: number }

/**
 * One statement, once in a while: frees what this holder holds without running it (the answer to a claim was lost), and
 * looks for holders whose lock is gone and for the next moment at which something can be claimed: a job is due or a lease
 * ends. Jobs behind another of their lane are not counted: whoever finishes that one sees them.
 */
const look = `with lost as (
    update job set holder = null, lease_until = null where holder = $1::int and not (id = any($2::bigint[])) returning id
  )
  select least(
      ${nextDue('$3::text[]')},
      (select min(lease_until) from job where holder is not null and holder <> $1::int and kind = any($3::text[]))
    ) as next_due,
    array(select distinct holder from job where holder is not null and holder <> $1::int and holder not in
      (select objid::int from pg_locks where locktype = 'advisory' and classid = $4::int::oid and objsubid = 2 and granted)
    ) as suspects,
    (select count(*) from lost)::int as lost`

export async function lookAround(
  database: Database,
  by: { holder: number; running: string[]; kinds: string[] },
): Promise<Look> {
  const values = [by.holder, by.running, by.kinds, holderLockClass]
  const { rows } = await reach(() => database.pool.query<Look>({ name: 'look-around', text: look, values }))
  return rows[0]!
}

/** Takes the jobs of holders whose lock is still gone. Returns how many there were. */
export async function takeFromTheDead(database: Database, suspects: number[]): Promise<number> {
  const text = `update job set holder = null, lease_until = null where holder = any($1::int[]) and holder not in
    (select objid::int from pg_locks where locktype = 'advisory' and classid = $2::int::oid and objsubid = 2 and granted)`
  const { rowCount } = await reach(() =>
    database.pool.query({ name: 'take-from-the-dead', text, values: [suspects, holderLockClass] }),
  )
  return rowCount ?? 0
}

/** What is finished at the same time is deleted with one commit. */
export async function finishJob(database: Database, job: HeldJob): Promise<void> {
  await finishedTogether(database)(job)
}

const finishedTogether = onceFor((database: Database) =>
  gather(async (jobs: HeldJob[]) => {
    const text = `delete from job using unnest($1::bigint[], $2::bigint[]) as held (id, fence)
      where job.id = held.id and job.fence = held.fence`
    const values = [jobs.map(({ id }) => id), jobs.map(({ fence }) => fence)]
    await reach(() => database.pool.query({ name: 'finish-jobs', text, values }))
    return jobs.map(() => undefined)
  }),
)

/** Makes a waiting job due at `due_at`. False where it is due by `soon_enough` anyway, is being run, or is not there. */
export async function hastenJob(
  database: Database,
  key: string,
  due_at: Date,
  soon_enough: Date,
): Promise<boolean> {
  const text = `update job set due_at = $2 where key = $1 and due_at > $3 and holder is null and dead_at is null`
  const { rowCount } = await reach(() =>
    database.pool.query({ name: 'hasten-job', text, values: [key, due_at, soon_enough] }),
  )
  return rowCount === 1
}

/** Gives a job back to be run again at `due_at`: `failures` is 0 where it only had to wait. */
export async function retryJob(
  database: Database,
  job: HeldJob,
  again: { due_at: Date; failures: number; because: string },
): Promise<void> {
  const text = `update job set due_at = $3, failures = $4::int, last_error = $5, holder = null, lease_until = null
    where id = $1::bigint and fence = $2::bigint`
  const values = [job.id, job.fence, again.due_at, again.failures, again.because]
  await reach(() => database.pool.query({ name: 'retry-job', text, values }))
}

/** Gives a job up. It stays, to be seen and run again. */
export async function buryJob(database: Database, job: HeldJob, now: Date, error: string): Promise<void> {
  const text = `update job set dead_at = $3, failures = $4::int, last_error = $5, holder = null, lease_until = null
    where id = $1::bigint and fence = $2::bigint`
  const values = [job.id, job.fence, now, job.failures + 1, error]
  await reach(() => database.pool.query({ name: 'bury-job', text, values }))
}
