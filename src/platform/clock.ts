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

/** How far another clock is ahead of this machine's, and by how much that may be wrong at most, in milliseconds. */
export type Measured = { offset_ms: number; error_ms: number }

/** Dates carry whole milliseconds: what is behind the point is lost. */
const roundingMs = 1

/**
 * Asks another clock once. The answer was given at some moment between question and answer; the middle of the time that
 * this took is at most half of it away from that moment (F. Cristian, Probabilistic clock synchronization, 1989).
 */
export async function measureOffset(ask: () => Promise<Date>): Promise<Measured> {
  const asked = Date.now()
  const began = performance.now()
  const answer = await ask()
  const half_ms = (performance.now() - began) / 2
  return { offset_ms: answer.getTime() - (asked + half_ms), error_ms: half_ms + roundingMs }
}

/**
 * The offset to go by after a measurement: the one before, moved only as far as the measurement proves it wrong. So a
 * slow answer, which proves little, does not make the clock jump, and time does not step back and forth by the noise of
 * the network. The first measurement is taken as it is: nothing better is known.
 */
export function betterOffset(known_ms: number | null, { offset_ms, error_ms }: Measured): number {
  if (known_ms === null) return offset_ms
  return Math.min(Math.max(known_ms, offset_ms - error_ms), offset_ms + error_ms)
}
