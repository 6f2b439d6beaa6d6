import { measureOffset } from '../../platform/clock.ts'
import { oneConnection } from './adapter.ts'
import { prismaFolder, readMigrations } from './folder.ts'
import { pendingMigrations } from './history.ts'
import { refuseOldServer, refuseOtherSchema } from './migrate.ts'

export type DatabaseState = {
  /** PostgreSQL's own words for its version. */
  version: string
  /** Names of the migrations that the next start would apply. */
  pending: string[]
  /** Why the next start would not apply any; null where it would. */
  history_fault: string | null
  /** How far the database's clock is ahead of this machine's, in milliseconds. */
  ahead_ms: number
}

/**
 * Looks at the database as a start would, and changes nothing.
 *
 * @throws StartRefused where a start would refuse it before it came to the migrations
 */
export async function inspectDatabase(url: string): Promise<DatabaseState> {
  refuseOtherSchema(url)
  const pool = oneConnection(url)
  try {
    await refuseOldServer(pool, url)
    const { rows } = await pool.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    )
    const { offset_ms: ahead_ms } = await measureOffset(async () => {
      const answer = await pool.query<{ now: Date }>('select clock_timestamp() as now')
      return answer.rows[0]?.now ?? new Date(Number.NaN)
    })
    const migrations = await readMigrations(prismaFolder)
    const history = await pendingMigrations(pool, migrations).catch((error: Error) => error.message)
    const [pending, history_fault] =
      typeof history === 'string' ? [[], history] : [history.map(({ name }) => name), null]
    return { version: rows[0]?.version ?? 'unknown', pending, history_fault, ahead_ms }
  } finally {
    await pool.end()
  }
}
