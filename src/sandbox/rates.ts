import type { SandboxClock } from './clock.ts'
import { callsPerMinute, postsPerSecondAndChannel } from './limits.ts'

/** `slack`: as Slack paces apps. `off`: any speed, for tests that are about something else. */
export type RateMode = 'slack' | 'off'

/** `take` is 0 where the call may go on, else the whole seconds to wait (`Retry-After`). */
export type Rates = {
  take: (method: string, channel: string | undefined) => number
  set: (mode: RateMode) => void
}

type Bucket = { left: number; at: number }

/** Each bucket holds what its method may do in its period, and fills evenly on the clock. */
export function createRates(clock: SandboxClock, initial: RateMode): Rates {
  let mode = initial
  let buckets = new Map<string, Bucket>()

  function draw(key: string, size: number, period_ms: number): number {
    const now = clock.now().getTime()
    const bucket = buckets.get(key) ?? { left: size, at: now }
    const filled = Math.min(size, bucket.left + (Math.max(0, now - bucket.at) * size) / period_ms)
    const allowed = filled >= 1
    buckets.set(key, { left: allowed ? filled - 1 : filled, at: now })
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - filled) * period_ms) / size / 1000))
  }

  return {
    take(method, channel) {
      if (mode === 'off') return 0
      if (method === 'chat.postMessage') return draw(`${method} ${channel}`, postsPerSecondAndChannel, 1000)
      const perMinute = callsPerMinute[method]
      return perMinute === undefined ? 0 : draw(method, perMinute, 60_000)
    },
    set(next) {
      mode = next
      buckets = new Map()
    },
  }
}
