import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'

/** Sleeps until a moment, or until there is work, or until `stop`. */
export function createSleeper(clock: Clock, work: Signal, stop: AbortSignal): (until: Date) => Promise<void> {
  return async (until) => {
    if (until <= clock.now()) return
    const awake = new AbortController()
    const either = AbortSignal.any([stop, awake.signal])
    await Promise.race([clock.sleep(until, either), work.wait(either)])
    awake.abort()
  }
}
