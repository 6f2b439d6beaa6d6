import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'
import type { Database } from '../store/database.ts'
import { claimJobs, lookAround, takeFromTheDead, type HeldJob } from '../store/jobs.ts'
import type { Duty } from './duty.ts'
import { createSleeper } from './sleeper.ts'
import { settle } from './settle.ts'

/** How long a job may be held without being finished. A handler that takes longer may find another beside it. */
const leaseMs = 60_000

/**
 * How long a runner sleeps at most: work that another replica left behind is found after this time. With the second look
 * below it is the time that a takeover takes, and the queries that an idle replica makes: docs/performance.md has both.
 */
const lookAroundMs = 1_150

/** A holder whose lock was missing is looked at again after this time: it may just be reconnecting. */
const secondLookMs = 200

/** What is due and was not claimed is in another replica's hands: look again soon, but do not spin. */
const contendedMs = 5

export type Runner = {
  start(): void
  /** Resolves once nothing is due and nothing is running. */
  idle(): Promise<void>
  /** Claims nothing more and resolves when what is held is finished. */
  stop(): Promise<void>
}

/**
 * Runs jobs as they come due, each kind with room of its own, so that no kind can hold up another.
 *
 * @param parts.work raised by whoever wrote jobs in this process
 * @param parts.holder this process's number; see `listen` in `store`
 */
export function createRunner(parts: {
  database: Database
  clock: Clock
  log: Logger
  work: Signal
  holder: number
  duties: Record<string, Duty>
}): Runner {
  const { database, clock, log, work, holder, duties } = parts
  const stopping = new AbortController()
  const running = new Map<string, { kind: string; done: Promise<void> }>()
  const idlers = new Set<() => void>()
  const sleep = createSleeper(clock, work, stopping.signal)
  let loop: Promise<void> = Promise.resolve()

  const later = (ms: number) => new Date(clock.now().getTime() + ms)

  function launch(job: HeldJob, duty: Duty) {
    const done = settle({ database, clock, log }, job, duty).finally(() => {
      running.delete(job.id)
      work.raise()
    })
    running.set(job.id, { kind: job.kind, done })
  }

  function room() {
    return Object.entries(duties)
      .map(([kind, { slots }]) => ({
        kind,
        free: slots - [...running.values()].filter((one) => one.kind === kind).length,
      }))
      .filter(({ free }) => free > 0)
  }

  /** Claims and launches all there is room for; false where there may be more. */
  async function takeOn(): Promise<boolean> {
    const free = room()
    if (free.length === 0) return true
    const claimed = await claimJobs(database, {
      holder,
      now: clock.now(),
      lease_until: later(leaseMs),
      room: free,
    })
    for (const job of claimed) launch(job, duties[job.kind]!)
    return free.every(({ kind, free: places }) => claimed.filter((job) => job.kind === kind).length < places)
  }

  /**
   * Until when to sleep, and whether jobs are due then.
   *
   * @param left whether all that is due now was just left by `takeOn`
   */
  async function lookAhead(left: boolean): Promise<{ until: Date; due: boolean }> {
    const kinds = room().map(({ kind }) => kind)
    // Asked before looking: what runs now may write jobs that the look does not see, and end before it is over.
    const resting = running.size === 0
    const { next_due, suspects, lost } = await lookAround(database, {
      holder,
      running: [...running.keys()],
      kinds,
    })
    if (lost > 0) log.warn({ lost }, 'jobs were claimed, and the answer did not come: they are free again')
    const taken_over = await takeOver(suspects)
    const now = clock.now()
    if (resting && suspects.length === 0 && (next_due === null || next_due > now)) tellIdlers()
    if (lost > 0 || taken_over) return { until: now, due: true }
    const look = later(suspects.length > 0 ? secondLookMs : lookAroundMs)
    if (next_due === null || next_due > look) return { until: look, due: false }
    return { until: next_due <= now && left ? later(contendedMs) : next_due, due: true }
  }

  let suspected: number[] = []

  /** Only who is missing at two looks is dead: a living holder takes its lock back at once when its connection broke. */
  async function takeOver(suspects: number[]): Promise<boolean> {
    const dead = suspects.filter((one) => suspected.includes(one))
    suspected = suspects.filter((one) => !dead.includes(one))
    if (dead.length === 0) return false
    const taken = await takeFromTheDead(database, dead)
    if (taken > 0) log.info({ jobs: taken }, 'took over the jobs of a process that is gone')
    return taken > 0
  }

  function tellIdlers() {
    for (const resolve of idlers) resolve()
    idlers.clear()
  }

  async function keepGoing() {
    let due = true
    while (!stopping.signal.aborted) {
      try {
        // Claiming costs a query, which is spared where nothing is known to be due.
        if (due && !(await takeOn())) continue
        const next = await lookAhead(due)
        due = (await sleep(next.until)) === 'work' || next.due
      } catch (error) {
        log.warn({ err: error }, 'jobs cannot be claimed')
        await clock.sleep(later(lookAroundMs), stopping.signal)
        due = true
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
      await Promise.allSettled([...running.values()].map(({ done }) => done))
    },
  }
}
