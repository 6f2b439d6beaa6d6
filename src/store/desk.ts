import { reach, recording, type Database, type RecordingClient } from './database.ts'
import { toFreeze, type StoredFreeze } from './freezes.ts'
import { permitKey, type SealedKey } from './permit-key.ts'
import type { Freeze } from '../approval/freeze.ts'

/**
 * What the next request is decided by: the newest policy, the freezes in force, and the key that signs permits. `epoch` grows
 * with each change of it.
 */
export type DeskRow = {
  epoch: number
  policy_version: number | null
  freezes: Freeze[]
  permit_key: SealedKey
}

export async function readDesk(database: Database): Promise<DeskRow> {
  const text = `select epoch, (select max(version) from policy_version) as policy_version,
      (select coalesce(json_agg(f), '[]') from (select * from "freeze" where lifted_at is null) f) as freezes,
      ${permitKey} as permit_key
    from desk`
  type Row = Omit<DeskRow, 'freezes'> & { freezes: StoredFreeze[] }
  const { rows } = await reach(() => database.pool.query<Row>({ name: 'read-desk', text }))
  const row = rows[0]
  if (!row) throw new Error('the table desk has lost its row')
  return { ...row, freezes: row.freezes.map(toFreeze) }
}

/**
 * Changes what requests are decided by: alone, after whatever is being decided has been committed, and before whatever
 * comes later (`desk_epoch` and the transactions that decide wait for the lock that is held here). So nothing that was
 * decided by the old is committed after the new.
 *
 * @param change does it, and says by a falsy value that nothing was changed
 */
export async function changeDesk<T>(
  database: Database,
  change: (client: RecordingClient) => Promise<T>,
): Promise<T> {
  return recording(
    database,
    async (client) => {
      const changed = await change(client)
      if (changed) await client.query('update desk set epoch = epoch + 1')
      return changed
    },
    'changes_desk',
  )
}
