import { Client } from 'pg'

/** One audit event as the contract describes it. */
export type AuditEvent = {
  approval_id: string
  seq: number
  type: string
  at: string
  actor: { type: string; slack_user_id?: string; name?: string; rule?: string | null }
  data: Record<string, unknown>
}

/** What the database holds of one approval: its row, its events in their order, its callbacks. */
export type Stored = {
  id: string
  status: string
  callbacks: { id: string; type: string; status: string; attempts: number }[]
  events: AuditEvent[]
}

const atOnce = 500

const page = `select a.id, a.status,
    (select coalesce(json_agg(json_build_object('id', c.id, 'type', c.type, 'status', c.status, 'attempts', c.attempts)), '[]')
      from callback c where c.approval_id = a.id) as callbacks,
    (select coalesce(json_agg(e.body order by e.seq), '[]') from event e where e.approval_id = a.id) as bodies
  from approval a where a.id > $1 order by a.id limit ${atOnce}`

/** Every approval in the database, by id, some hundreds in memory at a time. */
export async function* readStored(database_url: string): AsyncGenerator<Stored> {
  const client = new Client({ connectionString: database_url })
  await client.connect()
  try {
    let after = ''
    for (;;) {
      const { rows } = await client.query<Omit<Stored, 'events'> & { bodies: string[] }>(page, [after])
      for (const { bodies, ...row } of rows)
        yield { ...row, events: bodies.map((body) => JSON.parse(body) as AuditEvent) }
      if (rows.length < atOnce) return
      after = rows.at(-1)?.id ?? ''
    }
  } finally {
    await client.end()
  }
}
