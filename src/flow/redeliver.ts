import type { Actor, Fact } from '../approval/events.ts'
import { requeueCallbacks } from '../store/callbacks.ts'
import type { FlowParts } from './flow.ts'
import { callbackJob, eventRows } from './record.ts'

/** `failed`: the callbacks that were given up. `all`: those that were delivered, too. */
export type Which = 'failed' | 'all'

/** How many callbacks of the approval were queued again, and how many were left as they are. */
export type Redelivery = { queued: number; pending: number; delivered: number }

/**
 * Has callbacks sent again, with the same id and the same bytes; their tries begin at the schedule's start. One that is
 * still being tried is left to its own schedule. Null where there is no such approval.
 */
export async function redeliver(
  { database, clock, work }: Pick<FlowParts, 'database' | 'clock' | 'work'>,
  approval_id: string,
  which: Which,
  by: Actor,
): Promise<Redelivery | null> {
  const redelivery = await requeueCallbacks(database, approval_id, clock.now, (callbacks, next_seq, at) => {
    const chosen = callbacks.filter(
      ({ status }) => status === 'failed' || (which === 'all' && status === 'delivered'),
    )
    const facts = chosen.map(({ id, type, status, attempts }): Fact => ({
      type: 'callback.redelivered',
      actor: by,
      data: { callback_id: id, callback_type: type, was: status, attempts },
    }))
    const left = (status: string) =>
      callbacks.filter((callback) => callback.status === status && !chosen.includes(callback)).length
    return {
      ids: chosen.map(({ id }) => id),
      written: {
        events: eventRows(approval_id, facts, next_seq, at),
        jobs: chosen.map(({ id }) => callbackJob(id, at)),
      },
      result: { queued: chosen.length, pending: left('pending'), delivered: left('delivered') },
    }
  })
  work.raise()
  return redelivery
}
