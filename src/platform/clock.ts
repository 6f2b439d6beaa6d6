import { setTimeout as delay } from 'node:timers/promises'

/** The one source of product time. Tests inject one that they move by hand. */
export type Clock = {
  now(): Date
  /** Resolves at `until`, or early (never rejecting) when `signal` aborts. */
  sleep(until: Date, signal?: AbortSignal): Promise<void>
}

/** Node's timers fire at once beyond 2^31 - 1 ms, so that a longer sleep is taken in pieces. */
const longestTimerMs = 2_000_000_000

/**
 * The machine's clock, corrected by `offset_ms` so that replicas agree on the time: see `followDatabase` in `store`.
 */
export function systemClock(): Clock & { correct(offset_ms: number): void } {
  let offset = 0
  const clock = {
    now: () => new Date(Date.now() + offset),
    correct(offset_ms: number) {
      offset = offset_ms
    },
    async sleep(until: Date, signal?: AbortSignal) {
      while (!signal?.aborted) {
        const left = until.getTime() - clock.now().getTime()
        if (left <= 0) return
        await delay(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {}).catch(
          () => undefined,
        )
      }
    },
  }
  return clock
}

/**
 * How far another clock is ahead of this machine's, in milliseconds: asked once, and taken to have answered in the
 * middle of the time that the question took.
 */
export async function measureOffset(ask: () => Promise<Date>): Promise<number> {
  const asked = Date.now()
  const answer = await ask()
  return answer.getTime() - (asked + Date.now()) / 2
}
