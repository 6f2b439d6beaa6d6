import type { Clock } from '../../src/platform/clock.ts'

export type MovedClock = Clock & { move(ms: number): void }

/** A clock that stands still until it is moved. */
export function movedClock(start = new Date('2026-03-02T10:00:00.000Z')): MovedClock {
  let time = start.getTime()
  const sleepers = new Set<{ until: number; wake: () => void }>()
  return {
    now: () => new Date(time),
    move(ms) {
      time += ms
      for (const sleeper of sleepers) if (sleeper.until <= time) sleeper.wake()
    },
    async sleep(until, signal) {
      if (signal?.aborted || until.getTime() <= time) return
      await new Promise<void>((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { until: until.getTime(), wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake)
      })
    },
  }
}
