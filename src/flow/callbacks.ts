import type { CallbackTry, Fact } from '../approval/events.ts'
import { appendEvents } from '../store/append-events.ts'
import { findCallback, keepTry } from '../store/callbacks.ts'
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
  { id, approval_id, attempts }: DueCallback,
  tried: CallbackTry,
): Promise<void> {
  const data = { callback_id: id, attempt: attempts + 1, ...tried }
  const fact: Fact = { type: 'callback.tried', actor: { type: 'countersign' }, data }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
    also: keepTry(id, tried.callback_status, at),
  }))
}
