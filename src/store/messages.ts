import type { Statement } from './append-events.ts'
import { reach, type Database } from './database.ts'

/** Where a message of ours is; see the schema. `ts` is null while it is not known whether Slack has it. */
export type MessageRow = {
  approval_id: string
  key: string
  channel: string
  ts: string | null
  shown: string | null
  /** The moment before it was posted last. */
  posted_at: Date
  /** The conversation as Slack calls it; null where nobody asked for it to be kept. */
  conversation: string | null
  /** The message in whose thread it is; null where it stands for itself. */
  thread_ts: string | null
}

export async function listMessages(database: Database, approval_id: string): Promise<MessageRow[]> {
  const select = {
    approval_id: true,
    key: true,
    channel: true,
    ts: true,
    shown: true,
    posted_at: true,
    conversation: true,
    thread_ts: true,
  }
  return reach(() =>
    database.prisma.message.findMany({ where: { approval_id }, select, orderBy: { posted_at: 'asc' } }),
  )
}

/** Notes that a message is about to be posted. False where that was noted before and never came to an end. */
export async function beginMessage(
  database: Database,
  at: { approval_id: string; key: string; channel: string },
  now: Date,
): Promise<boolean> {
  const text = `insert into message (approval_id, key, channel, posted_at, updated_at) values ($1, $2, $3, $4, $4) on conflict do nothing`
  const values = [at.approval_id, at.key, at.channel, now]
  const { rowCount } = await reach(() => database.pool.query({ name: 'begin-message', text, values }))
  return rowCount === 1
}

/** Forgets a message that is certainly not there. */
export async function dropMessage(
  database: Database,
  at: { approval_id: string; key: string; channel: string },
): Promise<void> {
  const text = 'delete from message where approval_id = $1 and key = $2 and channel = $3'
  await reach(() =>
    database.pool.query({ name: 'drop-message', text, values: [at.approval_id, at.key, at.channel] }),
  )
}

/** Remembers where a message was found whose post had no answer. */
export async function findMessage(
  database: Database,
  at: { approval_id: string; key: string; channel: string },
  ts: string,
): Promise<void> {
  const text = 'update message set ts = $4 where approval_id = $1 and key = $2 and channel = $3'
  await reach(() =>
    database.pool.query({ name: 'find-message', text, values: [at.approval_id, at.key, at.channel, ts] }),
  )
}

/** Remembers where a message is and what it shows. */
export function keepMessage(
  message: {
    approval_id: string
    key: string
    channel: string
    ts: string
    shown: string
    conversation?: string | null
    thread_ts?: string | null
  },
  at: Date,
): Statement {
  const { approval_id, key, channel, ts, shown, conversation = null, thread_ts = null } = message
  return {
    text: `insert into message as m (approval_id, key, channel, ts, shown, posted_at, updated_at, conversation, thread_ts)
      values ($1, $2, $3, $4, $5, $6, $6, $7, $8)
      on conflict (approval_id, key, channel) do update
      set ts = $4, shown = $5, updated_at = $6, conversation = coalesce($7, m.conversation),
        thread_ts = $8`,
    values: [approval_id, key, channel, ts, shown, at, conversation, thread_ts],
  }
}
