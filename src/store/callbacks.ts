import type { Statement } from './append-events.ts'
import { reach, type Database } from './database.ts'

export type CallbackRow = {
  id: string
  approval_id: string
  type: string
  url: string
  body: string
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  created_at: Date
  delivered_at: Date | null
}

/** A callback with its agent's sealed secret. */
export async function findCallback(
  database: Database,
  id: string,
): Promise<(CallbackRow & { callback_secret: string }) | null> {
  const text = `select c.id, c.approval_id, c.type, c.url, c.body, c.status, c.attempts, c.created_at, c.delivered_at, g.callback_secret
    from callback c join approval a on a.id = c.approval_id join agent g on g.id = a.agent_id where c.id = $1`
  const { rows } = await reach(() =>
    database.pool.query<CallbackRow & { callback_secret: string }>({
      name: 'find-callback',
      text,
      values: [id],
    }),
  )
  return rows[0] ?? null
}

/** Counts one more try of a callback, and remembers where it stands after it. */
export function keepTry(id: string, status: CallbackRow['status'], at: Date): Statement {
  return {
    text: 'update callback set status = $2, attempts = attempts + 1, delivered_at = $3 where id = $1',
    values: [id, status, status === 'delivered' ? at : null],
  }
}
