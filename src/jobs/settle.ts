import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../store/database.ts'
import { buryJob, finishJob, retryJob, type HeldJob } from '../store/jobs.ts'
import { afterFailure } from './backoff.ts'
import type { Duty } from './duty.ts'

type Parts = { database: Database; clock: Clock; log: Logger }

/** Runs a job that is held and lets go of it: finished, to be run again, or given up. Never throws. */
export async function settle(parts: Parts, job: HeldJob, duty: Duty): Promise<void> {
  const { database, log } = parts
  try {
    const again = await duty.run(job.payload)
    if (again) await retryJob(database, job, { due_at: again.again_at, failures: 0, because: again.because })
    else await finishJob(database, job)
  } catch (error) {
    await putBack(parts, job, duty, error).catch((failure: unknown) =>
      // The next look around finds it held by nobody who runs it.
      log.warn({ err: failure, job: job.id, kind: job.kind }, 'a job could not be given back'),
    )
  }
}

async function putBack({ database, clock, log }: Parts, job: HeldJob, duty: Duty, error: unknown) {
  const because = error instanceof Error ? error.message : String(error)
  const failures = job.failures + 1
  const wait = afterFailure(failures, Math.random(), duty.longest_wait_ms)
  log.warn({ err: error, job: job.id, kind: job.kind, failures, again_in_ms: wait }, 'a job failed')
  if (wait === null) return buryJob(database, job, clock.now(), because)
  const due_at = new Date(clock.now().getTime() + wait)
  await retryJob(database, job, { due_at, failures, because })
}
