import type { Changes } from './changes.ts'
import type { Snapshot } from './protocol.ts'

/** `until` was not satisfied in time, or the sandbox closed before it was. */
export class WaitEnded extends Error {
  override name = 'WaitEnded'
}

function story({ messages, modals, complaints }: Snapshot): string {
  const said = messages.slice(-5).map((each) => `  ${each.channel} ${each.visible_to ?? 'all'}: ${each.text}`)
  const wrong = complaints.slice(-5).map((each) => `  ${each.what}: ${each.detail}`)
  return [
    `${messages.length} messages, the last:`,
    ...said,
    `${modals.length} open modals`,
    'complaints:',
    ...wrong,
  ].join('\n')
}

/** Waits for the workspace to become something, woken by its changes. */
export function createWaiting(changes: Changes, snapshot: () => Snapshot) {
  const ending = new Set<(reason: string) => void>()
  return {
    /**
     * What `predicate` returns, once that is neither false, null nor undefined. Rejects with `WaitEnded`, telling what
     * the workspace shows instead, after `timeout_ms` of real time.
     */
    until: <T>(
      predicate: (snapshot: Snapshot) => T,
      timeout_ms = 10_000,
    ): Promise<Exclude<T, false | null | undefined>> => {
      type Wanted = Exclude<T, false | null | undefined>
      const found = (value: T): value is Wanted & T =>
        value !== false && value !== null && value !== undefined
      return new Promise<Wanted>((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer)
          stop()
          ending.delete(end)
          settle()
        }
        const end = (reason: string) => finish(() => reject(new WaitEnded(`${reason}; ${story(snapshot())}`)))
        const look = () => {
          try {
            const value = predicate(snapshot())
            if (found(value)) finish(() => resolve(value))
          } catch (error) {
            finish(() => reject(error))
          }
        }
        const timer = setTimeout(() => end(`not seen within ${timeout_ms} ms`), timeout_ms)
        const stop = changes.onChange(look)
        ending.add(end)
        look()
      })
    },
    close() {
      for (const end of ending) end('the sandbox was closed')
    },
  }
}
