import { percentile } from '../frame/numbers.ts'

/** `count` in `seconds`; times from the sending of one to its answer, in milliseconds. */
export type Load = { count: number; seconds: number; p50_ms: number; p99_ms: number; failed: string | null }

/**
 * So many `workers` that each do one thing after the other, for so many seconds. The first failure is told, and ends it:
 * a figure for what partly failed would be none.
 */
export async function closedLoop(
  workers: number,
  seconds: number,
  once: (worker: number) => Promise<void>,
): Promise<Load> {
  const times: number[] = []
  let failed: string | null = null
  const began = performance.now()
  const until = began + seconds * 1_000
  const work = async (worker: number) => {
    while (performance.now() < until && failed === null) {
      const start = performance.now()
      await once(worker).catch((error: unknown) => (failed = String(error)))
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return {
    count: times.length,
    seconds: (performance.now() - began) / 1_000,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    failed,
  }
}
