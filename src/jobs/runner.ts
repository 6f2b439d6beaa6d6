import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'
import type { Database } from '../store/database.ts'
import {
  buryJob,
  claimJobs,
  finishJob,
  nextDue,
  retryJob,
  takeFromTheDead,
  type HeldJob,
} from '../store/jobs.ts'
import { afterFailure } from './backoff.ts'

/**
 * Does what one kind of job asks for. It may be run again after it succeeded (at least once), so that doing it twice
 * must be harmless. To be run again later it returns when; a job that throws is retried with backoff and ends as a
 * dead letter.
 */
export type Handler = (payload: JsonObject, job: { id: string; attempts: number }) => Promise<RunAgain | void>
export type RunAgain = { again_at: Date; because: string }

/** How long a job may be held without being finished: longer than any handler's own time limits together. */
const leaseMs = 60_000

/** How long a runner sleeps at most: work that another replica left behind is found after this time. */
const lookAroundMs = 1_000

const contendedMs = 20

export type Runner = {
  start(): void
  /** Resolves once nothing is due and nothing is running. */
  idle(): Promise<void>
  /** Claims nothing more and resolves when what is held is finished. */
  stop(): Promise<void>
}

export function createRunner(parts: {
  database: Database
  clock: Clock
  log: Logger
  /** Raised by whoever wrote jobs in this process. */
  work: Signal
  /** This process's number; see `listen` in `store`. */
  holder: number
  handlers: Record<string, Handler>
  concurrency: number
}): Runner {
  const { database, clock, log, work, holder, handlers, concurrency } = parts
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let loop: Promise<void> = Promise.resolve()
  const idlers = new Set<() => void>()

  const later = (ms: number) => new Date(clock.now().getTime() + ms)

  async function run(job: HeldJob) {
    try {
      const handler = handlers[job.kind]
      if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`)
      const again = await handler(job.payload, { id: job.id, attempts: job.attempts })
      if (again) await retryJob(database, job, again.again_at, again.because)
      else await finishJob(database, job)
    } catch (error) {
      await putBack(job, error).catch((failure: unknown) =>
        // Its lease ends by itself, and somebody runs it then.
        log.warn({ err: failure, job: job.id, kind: job.kind }, 'a job could not be given back'),
      )
    }
  }

  async function putBack(job: HeldJob, error: unknown) {
    const words = error instanceof Error ? error.message : String(error)
    const wait = afterFailure(job.attempts, Math.random())
    log.warn(
      { err: error, job: job.id, kind: job.kind, attempts: job.attempts, again_in_ms: wait },
      'a job failed',
    )
    if (wait === null) await buryJob(database, job, clock.now(), words)
    else await retryJob(database, job, later(wait), words)
  }

  function launch(job: HeldJob) {
    const done = run(job).finally(() => {
      running.delete(done)
      work.raise()
    })
    running.add(done)
  }

  async function turn(): Promise<Date> {
    const free = concurrency - running.size
    if (free > 0) {
      const claimed = await claimJobs(database, {
        holder,
        now: clock.now(),
        lease_until: later(leaseMs),
        limit: free,
      })
      for (const job of claimed) launch(job)
      if (claimed.length === free) return later(0)
    }
    const due = await nextDue(database)
    const now = clock.now()
    if (running.size === 0 && (due === null || due > now)) tellIdlers()
    const next = later(lookAroundMs)
    // What is due and was not claimed is in another replica's hands: look again soon, but do not spin.
    return due !== null && due < next ? new Date(Math.max(due.getTime(), now.getTime() + contendedMs)) : next
  }

  function tellIdlers() {
    for (const resolve of idlers) resolve()
    idlers.clear()
  }

  async function sleep(until: Date) {
    const awake = new AbortController()
    const either = AbortSignal.any([stopping.signal, awake.signal])
    await Promise.race([clock.sleep(until, either), work.wait(either)])
    awake.abort()
  }

  async function keepGoing() {
    let lookedAround = new Date(0)
    while (!stopping.signal.aborted) {
      try {
        if (clock.now().getTime() - lookedAround.getTime() >= lookAroundMs) {
          lookedAround = clock.now()
          await takeFromTheDead(database)
        }
        const until = await turn()
        // All hands are full: the next one that is free raises the signal.
        if (running.size >= concurrency) await sleep(later(lookAroundMs))
        else if (until > clock.now()) await sleep(until)
      } catch (error) {
        log.warn({ err: error }, 'jobs cannot be claimed')
        await clock.sleep(later(lookAroundMs), stopping.signal)
      }
    }
  }

  return {
    start() {
      loop = keepGoing()
    },
    async idle() {
      const settled = new Promise<void>((resolve) => idlers.add(resolve))
      work.raise()
      await settled
    },
    async stop() {
      stopping.abort()
      await loop
      await Promise.allSettled(running)
    },
  }
}
