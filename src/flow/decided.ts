import type { Clock } from '../platform/clock.ts'

/** Who waits for a decision, woken by whoever made it: in this process at once, from others through the database. */
export type Decided = {
  /** `null` wakes everybody: something may have been missed. */
  tell(approval_id: string | null): void
  /** Resolves when told of this approval, at `until`, or when `signal` aborts; true when told. */
  wait(approval_id: string, until: Date, signal: AbortSignal): Promise<boolean>
  /** Lets everybody go, and keeps nobody waiting from now on. */
  close(): void
}

export function createDecided(clock: Clock): Decided {
  const waiting = new Map<string, Set<() => void>>()
  const closed = new AbortController()
  return {
    tell(approval_id) {
      const told = approval_id === null ? [...waiting.values()] : [waiting.get(approval_id) ?? []]
      for (const wakers of told) for (const wake of wakers) wake()
    },
    async wait(approval_id, until, signal) {
      if (signal.aborted) return false
      const over = new AbortController()
      const stop = AbortSignal.any([signal, over.signal, closed.signal])
      let told = false
      const wakers = waiting.get(approval_id) ?? new Set()
      waiting.set(approval_id, wakers)
      const wake = () => {
        told = true
        over.abort()
      }
      wakers.add(wake)
      await clock.sleep(until, stop)
      wakers.delete(wake)
      if (wakers.size === 0 && waiting.get(approval_id) === wakers) waiting.delete(approval_id)
      return told
    },
    close: () => closed.abort(),
  }
}
