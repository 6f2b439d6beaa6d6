import { setTimeout as delay } from 'node:timers/promises'

/** The time that triggers, response URLs, rates and event retries go by. Tests inject one that they move by hand. */
export type SandboxClock = {
  now(): Date
  /** Resolves at `until`, or early (never rejecting) when `signal` aborts. */
  sleep(until: Date, signal?: AbortSignal): Promise<void>
}

/** The machine's own time. */
export const wallClock: SandboxClock = {
  now: () => new Date(),
  async sleep(until, signal) {
    const left = until.getTime() - Date.now()
    if (left > 0) await delay(left, undefined, signal ? { signal } : {}).catch(() => undefined)
  },
}
