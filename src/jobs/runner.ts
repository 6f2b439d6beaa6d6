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

  type Taken = { count: number; more: boolean; next_due: Date | null }

  /** Claims and launches all there is room for. There may be `more` where a kind's room is full now. */
  async function takeOn(): Promise<Taken> {
    const free = room()
    if (free.length === 0) return { count: 0, more: false, next_due: null }
    const { jobs, next_due } = await claimJobs(database, {
      holder,
      now: clock.now(),
      lease_until: later(leaseMs),
      room: free,
    })
    for (const job of jobs) launch(job, duties[job.kind]!)
    const full = free.some(
      ({ kind, free: places }) => jobs.filter((job) => job.kind === kind).length >= places,
    )
    return { count: jobs.length, more: full, next_due }
  }

  let lookAt = new Date(0)
  let suspected: number[] = []

  /**
   * Looks after what nobody else would: jobs that were lost, and those of processes that are gone. Only who is missing at
   * two looks is dead: a living holder takes its lock back at once when its connection broke.
   */
  async function look(): Promise<{ next_due: Date | null; due: boolean; settled: boolean }> {
    const kinds = room().map(({ kind }) => kind)
    const { next_due, suspects, lost } = await lookAround(database, {
      holder,
      running: [...running.keys()],
      kinds,
    })
    if (lost > 0) log.warn({ lost }, 'jobs were claimed, and the answer did not come: they are free again')
    const dead = suspects.filter((one) => suspected.includes(one))
    suspected = suspects.filter((one) => !dead.includes(one))
    const taken = dead.length > 0 ? await takeFromTheDead(database, dead) : 0
    if (taken > 0) log.info({ jobs: taken }, 'took over the jobs of a process that is gone')
    lookAt = later(suspected.length > 0 ? secondLookMs : lookAroundMs)
    const due = lost + taken > 0 || (next_due !== null && next_due <= clock.now())
    return { next_due, due, settled: suspects.length === 0 }
  }

  /** One round of the loop: looks around if it is time, claims if something may be due. Tells how long to sleep. */
  async function round(due: boolean): Promise<{ until: Date; due: boolean }> {
    // Asked before all else: what runs now may write jobs that are not seen below, and end before it is over.
    const resting = running.size === 0
    const seen = lookAt <= clock.now() || idlers.size > 0 ? await look() : null
    const taken = due || seen?.due ? await takeOn() : null
    if (taken?.more) return { until: clock.now(), due: true }
    if (seen?.settled && resting && !taken?.count) tellIdlers()
    const next_due = taken ? taken.next_due : (seen?.next_due ?? null)
    return next_due !== null && next_due <= lookAt
      ? { until: next_due, due: true }
      : { until: lookAt, due: false }
  }

  function tellIdlers() {
    for (const resolve of idlers) resolve()
    idlers.clear()
  }

  async function keepGoing() {
    let due = true
    while (!stopping.signal.aborted) {
      try {
        const next = await round(due)
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
