import { oneConnection } from './adapter.ts'

/** What the role of a connection may do to audit events besides adding them: `UPDATE`, `DELETE`, `TRUNCATE`. */
export type EventRights = { role: string; may: string[] }

/** Null where there are no audit events yet. */
export async function eventRights(url: string): Promise<EventRights | null> {
  const pool = oneConnection(url)
  try {
    const { rows } = await pool.query<EventRights & { is_there: boolean }>(
      `select current_user::text as role, to_regclass('event') is not null as is_there,
         array(select r from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) r
           where has_table_privilege(to_regclass('event')::oid, r)) as may`,
    )
    const [row] = rows
    return row?.is_there ? { role: row.role, may: row.may } : null
  } finally {
    await pool.end()
  }
}
