import type { Clock } from '../../src/platform/clock.ts'

/** A clock that stands still until it is moved. */
export function stillClock(start: string): Clock & { move(ms: number): void } {
  let now = new Date(start)
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing sleeps here')),
    move: (ms) => {
      now = new Date(now.getTime() + ms)
    },
  }
}
