import { listDeadJobs, reviveJobs, type DeadJob } from '../store/dead-jobs.ts'
import type { Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'
import { adminEvent } from './record.ts'

export type { DeadJob } from '../store/dead-jobs.ts'

/** The jobs that were given up, the oldest first. They stay until somebody runs them again. */
export async function deadJobs({ database }: AdminParts): Promise<DeadJob[]> {
  return listDeadJobs(database)
}

/**
 * Runs jobs that were given up again, at once and with all their tries.
 *
 * @param which a job's id as `deadJobs` gives it, or `all`
 * @returns the jobs as they were, or why not, in words
 */
export async function retryJobs(
  { database, clock, work }: AdminParts,
  which: string,
  by: By,
): Promise<DeadJob[] | Refused> {
  if (which !== 'all' && !/^[1-9][0-9]{0,17}$/.test(which))
    return { refused: `A job’s id is a number, and “all” stands for all of them; not ${which}` }
  const revived = await reviveJobs(database, which === 'all' ? null : which, clock.now, (job, at) => {
    const { id: job_id, kind, payload, attempts, last_error, dead_at } = job
    return adminEvent('job.retried', by, at, { job_id, kind, payload, attempts, last_error, dead_at })
  })
  if (revived.length === 0 && which !== 'all') return { refused: `No job ${which} was given up` }
  work.raise()
  return revived
}
