import type { JsonObject } from '../approval/approval.ts'
import { appendAdminEvents, type NewEvent } from './chain.ts'
import { reach, recording, type Database } from './database.ts'

/** A job that was given up. */
export type DeadJob = {
  id: string
  kind: string
  payload: JsonObject
  attempts: number
  last_error: string | null
  dead_at: Date
}

const columns = 'id::text, kind, payload, attempts, last_error, dead_at'

/** The oldest first. */
export async function listDeadJobs(database: Database): Promise<DeadJob[]> {
  const text = `select ${columns} from job where dead_at is not null order by dead_at, id`
  const { rows } = await reach(() => database.pool.query<DeadJob>(text))
  return rows
}

/**
 * Makes a job that was given up, or all of them, due now as if it were new, with an audit event for each. Returns them
 * as they were.
 *
 * @param id null for all
 */
export async function reviveJobs(
  database: Database,
  id: string | null,
  now: () => Date,
  eventOf: (job: DeadJob, at: Date) => NewEvent,
): Promise<DeadJob[]> {
  return recording(database, async (client) => {
    const { rows: dead } = await client.query<DeadJob>(
      `select ${columns} from job where dead_at is not null and ($1::bigint is null or id = $1::bigint)
       order by id for update`,
      [id],
    )
    const at = now()
    // With a new number it comes last in its lane: with its old one it could run beside a younger one that is held.
    await client.query(
      `update job set id = nextval(pg_get_serial_sequence('job', 'id')), dead_at = null, attempts = 0, failures = 0, due_at = $2
       where id = any($1::bigint[])`,
      [dead.map((job) => job.id), at],
    )
    await appendAdminEvents(
      client,
      at,
      dead.map((job) => eventOf(job, at)),
    )
    return dead
  })
}
