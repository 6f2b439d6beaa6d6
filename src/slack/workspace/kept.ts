import type { Clock } from '../../platform/clock.ts'

/** Keeps what was read for `ms`, and reads once for all who ask meanwhile. What failed is not kept. */
export function createKept<T>(
  clock: Clock,
  ms: number,
  read: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>()
  return (key) => {
    const now = clock.now().getTime()
    const found = kept.get(key)
    if (found && now < found.until) return found.value
    const value = read(key)
    kept.set(key, { until: now + ms, value })
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key)
    })
    return value
  }
}
