import { systemClock } from '../src/platform/clock.ts'

const clock = systemClock()

/** Milliseconds of the machine's clock. */
export function now(): number {
  return clock.now().getTime()
}

/** Ends early, without an error, where `signal` aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await clock.sleep(new Date(now() + ms), signal)
}
