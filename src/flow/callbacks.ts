import { appendEvents } from '../store/append-events.ts'
import { findCallback } from '../store/callbacks.ts'
import type { FlowParts } from './create.ts'
import { eventRows } from './record.ts'

/** A callback to be tried: the bytes are the same on every try. `attempts` counts the tries already made. */
export type DueCallback = {
  id: string
  approval_id: string
  url: string
  body: string
  secrets: string[]
  attempts: number
}

/** What came of one try. Times in milliseconds. */
export type CallbackTry = {
  outcome: string
  status: number | null
  error: string | null
  address: string | null
  duration_ms: number
  /** Where the callback stands after it, and when the next try is due if there is one. */
  callback_status: 'pending' | 'delivered' | 'failed'
  next_at: Date | null
}

/** Null where there is nothing to try: it was delivered or given up before. */
export async function dueCallback({ database, seal }: FlowParts, id: string): Promise<DueCallback | null> {
  const row = await findCallback(database, id)
  if (!row || row.status !== 'pending') return null
  const { approval_id, url, body, attempts } = row
  return { id, approval_id, url, body, attempts, secrets: [seal.open(row.callback_secret)] }
}

/** Records one try in the audit, with where the callback stands after it. */
export async function recordCallbackTry(
  { database, clock }: FlowParts,
  callback: DueCallback,
  tried: CallbackTry,
): Promise<void> {
  const { callback_status, ...outcome } = tried
  const data = {
    callback_id: callback.id,
    attempt: callback.attempts + 1,
    ...outcome,
    next_at: tried.next_at?.toISOString() ?? null,
    callback_status,
  }
  await appendEvents(database, callback.approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(
      callback.approval_id,
      [{ type: 'callback.tried', actor: { type: 'countersign' }, data }],
      next_seq,
      at,
    ),
    also: {
      text: `update callback set status = $2, attempts = attempts + 1, delivered_at = $3 where id = $1`,
      values: [callback.id, callback_status, callback_status === 'delivered' ? at : null],
    },
  }))
}
