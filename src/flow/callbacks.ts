import type { CallbackTry, Fact } from '../approval/events.ts'
import { appendEvents } from '../store/append-events.ts'
import { findCallback, keepTry } from '../store/callbacks.ts'
import type { FlowParts } from './flow.ts'
import { eventRows } from './record.ts'
import { directly } from './telling.ts'

/**
 * A callback to be tried: the bytes are the same on every try. `attempts` counts the tries already made, of which
 * `earlier_attempts` were made before it was queued again. `secrets` has the newest first; the others are retiring.
 * `checkpoint` is the newest of the audit log, for the agent to keep; null before the first.
 */
export type DueCallback = {
  id: string
  approval_id: string
  url: string
  body: string
  secrets: string[]
  attempts: number
  earlier_attempts: number
  checkpoint: string | null
}

/** Null where there is nothing to try: it was delivered or given up before. */
export async function dueCallback(
  { database, clock, seal }: FlowParts,
  id: string,
): Promise<DueCallback | null> {
  const row = await findCallback(database, id, clock.now())
  if (!row || row.status !== 'pending') return null
  const { approval_id, url, body, attempts, earlier_attempts, sealed_secrets, checkpoint } = row
  const secrets = sealed_secrets.map(seal.open)
  return { id, approval_id, url, body, attempts, earlier_attempts, secrets, checkpoint }
}

/** Records one try in the audit, with where the callback stands after it, and has told who must know of that. */
export async function recordCallbackTry(
  { database, clock }: FlowParts,
  callback: DueCallback,
  tried: CallbackTry,
): Promise<void> {
  const { id, approval_id, attempts } = callback
  const data = { callback_id: id, attempt: attempts + 1, ...tried }
  const fact: Fact = { type: 'callback.tried', actor: { type: 'countersign' }, data }
  await appendEvents(database, approval_id, clock.now, (next_seq, at) => ({
    events: eventRows(approval_id, [fact], next_seq, at),
    jobs: directly(approval_id, fact, next_seq, at),
    also: keepTry(callback, tried.callback_status, at),
  }))
}
