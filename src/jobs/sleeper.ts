import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'

/** Sleeps until a moment, or until there is work, or until `stop`; tells which of the first two it was. */
export function createSleeper(
  clock: Clock,
  work: Signal,
  stop: AbortSignal,
): (until: Date) => Promise<'time' | 'work'> {
  return async (until) => {
    if (until <= clock.now()) return 'time'
    const awake = new AbortController()
    const either = AbortSignal.any([stop, awake.signal])
    const woken = await Promise.race([
      clock.sleep(until, either).then(() => 'time' as const),
      work.wait(either).then(() => 'work' as const),
    ])
    awake.abort()
    return woken
  }
}
