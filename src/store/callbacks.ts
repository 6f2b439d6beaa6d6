import { appendEvents, type Appended, type Statement } from './append-events.ts'
import { reach, type Database } from './database.ts'

export type CallbackRow = {
  id: string
  approval_id: string
  type: string
  url: string
  body: string
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  /** How many of them were made before it was queued again. */
  earlier_attempts: number
  created_at: Date
  delivered_at: Date | null
}

const columns = `c.id, c.approval_id, c.type, c.url, c.body, c.status, c.attempts, c.earlier_attempts, c.created_at,
  c.delivered_at`

/** With its agent's sealed secrets that have not retired, the newest first, and the newest checkpoint of the audit log. */
export type FoundCallback = CallbackRow & { sealed_secrets: string[]; checkpoint: string | null }

/** @param at what retires by then is left out */
export async function findCallback(database: Database, id: string, at: Date): Promise<FoundCallback | null> {
  const text = `select ${columns}, array(
      select s.sealed from callback_secret s
      where s.agent_id = a.agent_id and (s.retires_at is null or s.retires_at > $2) order by s.id desc
    ) as sealed_secrets,
    (select note from checkpoint order by size desc limit 1) as checkpoint
    from callback c join approval a on a.id = c.approval_id where c.id = $1`
  const { rows } = await reach(() =>
    database.pool.query<FoundCallback>({
      name: 'find-callback',
      text,
      values: [id, at],
    }),
  )
  return rows[0] ?? null
}

/**
 * Counts one more try of a callback, and remembers where it stands after it.
 *
 * A try may end long after its job was taken over by another process. What was delivered is delivered, but a failure
 * counts only where no other try was recorded since `attempts` were: it must not undo a delivery or a redelivery.
 */
export function keepTry(
  { id, attempts }: Pick<CallbackRow, 'id' | 'attempts'>,
  status: CallbackRow['status'],
  at: Date,
): Statement {
  const text = `update callback set attempts = attempts + 1,
      status = case when $2 = 'delivered' or (status = 'pending' and attempts = $3) then $2 else status end,
      delivered_at = case when $2 = 'delivered' then $4 else delivered_at end
    where id = $1`
  return { text, values: [id, status, attempts, at] }
}

/**
 * Queues callbacks of an approval again, each to be tried as if it were new, but for its id and its bytes. Null where
 * there is no such approval.
 *
 * @param choose says which of the approval's callbacks, and what is written with that
 */
export async function requeueCallbacks<T>(
  database: Database,
  approval_id: string,
  now: () => Date,
  choose: (
    callbacks: CallbackRow[],
    next_seq: number,
    at: Date,
  ) => { ids: string[]; written: Omit<Appended, 'also'>; result: T },
): Promise<T | null> {
  let result: T | null = null
  await appendEvents(database, approval_id, now, async (next_seq, at, client) => {
    const text = `select ${columns} from callback c where c.approval_id = $1 order by c.created_at, c.id`
    const { rows } = await client.query<CallbackRow>(text, [approval_id])
    const chosen = choose(rows, next_seq, at)
    result = chosen.result
    const requeue = `update callback set status = 'pending', earlier_attempts = attempts, delivered_at = null
      where id = any($1::text[])`
    return { ...chosen.written, also: { text: requeue, values: [chosen.ids] } }
  })
  return result
}
