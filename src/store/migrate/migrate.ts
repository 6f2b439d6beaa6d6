import type { Pool } from 'pg'
import type { Logger } from 'pino'
import { inOneLine } from '../../platform/check.ts'
import { StartRefused } from '../../platform/start-refused.ts'
import { databaseName, describeUrl } from '../url.ts'
import { oneConnection } from './adapter.ts'
import { withSchemaEngine } from './engine.ts'
import { grantsFor } from './grants.ts'
import { migrationList, type Migration, prismaFolder, readMigrations } from './folder.ts'
import { pendingMigrations } from './history.ts'

/** The first version that this program's SQL was written for, as `server_version_num` gives it. */
const oldestServer = 140_000

/** Any number, so long as every replica and every version takes the same: "csgn" in ASCII. */
const migrationLock = 0x6373676e

/**
 * Brings the database at `url` to the schema of this version: what is missing of `folder`/migrations is applied, all of
 * it in one transaction, so that a failure or a killed process leaves the database as it was. Replicas that start at
 * once take turns, and find nothing left to do. Throws `StartRefused` with one line for the operator.
 *
 * @param options.runner the role that the app runs as, where it is another than the one that migrates: it is granted what it needs
 */
export async function migrate(
  url: string,
  log: Pick<Logger, 'info'>,
  { folder = prismaFolder, runner = null }: { folder?: string; runner?: string | null } = {},
): Promise<void> {
  refuseOtherSchema(url)
  const migrations = await readMigrations(folder)
  const pool = oneConnection(url)
  try {
    await refuseOldServer(pool, url)
    const isUpToDate = async () =>
      (await pendingMigrations(pool, migrations)).length === 0 &&
      (runner === null || (await grantsFor(pool, runner)).length === 0)
    if (await isUpToDate()) return
    await pool.query('begin')
    await takeTurn(pool, log)
    // Looked at again: another replica may have done it while this one waited.
    const pending = await pendingMigrations(pool, migrations)
    if (pending.length > 0) await apply(pool, url, folder, migrations)
    if (runner !== null) await grant(pool, runner)
    await pool.query('commit')
    if (pending.length > 0) log.info(`migrated the database: ${pending.map(({ name }) => name).join(', ')}`)
  } finally {
    await pool.end()
  }
}

async function grant(pool: Pool, runner: string): Promise<void> {
  const refusal = (why: string, cause?: unknown) =>
    new StartRefused(
      `the role ${runner}, which runs the app, could not be given its rights: ${why}; the role of MIGRATION_DATABASE_URL must own the tables`,
      { cause },
    )
  try {
    for (const statement of await grantsFor(pool, runner)) await pool.query(statement)
  } catch (error) {
    throw refusal(inOneLine(error), error)
  }
  // Who has a right, and not the right to pass it on, is only warned by PostgreSQL.
  const [left] = await grantsFor(pool, runner)
  if (left !== undefined) throw refusal(`“${left}” was without effect`)
}

/** The role that a connection to `url` has. */
export async function roleOf(url: string): Promise<string> {
  const pool = oneConnection(url)
  try {
    await refuseOldServer(pool, url)
    const { rows } = await pool.query<{ role: string }>('select current_user::text as role')
    return rows[0]?.role ?? ''
  } finally {
    await pool.end()
  }
}

async function apply(pool: Pool, url: string, folder: string, migrations: readonly Migration[]) {
  try {
    await withSchemaEngine(pool, url, (engine) =>
      engine.applyMigrations({
        migrationsList: migrationList(folder, migrations),
        filters: { externalTables: [], externalEnums: [] },
      }),
    )
  } catch (error) {
    // The engine's message ends in a trace of its own calls, where the migration's name is.
    const [fault, trace = ''] = inOneLine(error).split(/ 0: (.*)/)
    const name = /migration_name="([^"]+)"/.exec(trace)?.[1] ?? 'a migration'
    const reason = fault?.replace('external connector error Error querying the database: ', '')
    throw new StartRefused(`${name} could not be applied, and the database is as it was: ${reason}`, {
      cause: error,
    })
  }
}

async function takeTurn(pool: Pool, log: Pick<Logger, 'info'>): Promise<void> {
  const { rows } = await pool.query('select pg_try_advisory_xact_lock($1) as taken', [migrationLock])
  if (rows[0]?.taken) return
  log.info('another process is migrating the database: waiting for it')
  await pool.query('select pg_advisory_xact_lock($1)', [migrationLock])
}

export async function refuseOldServer(pool: Pool, url: string): Promise<void> {
  const version = await pool
    .query(
      `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
    )
    .catch((error: unknown) => {
      throw new StartRefused(`the database at ${describeUrl(url)} does not let us in: ${inOneLine(error)}`, {
        cause: error,
      })
    })
  if (version.rows[0].number >= oldestServer) return
  throw new StartRefused(`PostgreSQL 14 or newer is needed; ${describeUrl(url)} is ${version.rows[0].text}`)
}

/** Of one database, one role migrates and another runs the app. */
export function refuseTwoDatabases(owner_url: string, url: string): void {
  if (databaseName(owner_url) === databaseName(url)) return
  throw new StartRefused('MIGRATION_DATABASE_URL names another database than DATABASE_URL')
}

/** Prisma's `?schema=` is known to none of the plain SQL in this program, which would then look in the wrong one. */
export function refuseOtherSchema(url: string): void {
  const schema = new URL(url).searchParams.get('schema')
  if (schema === null || schema === 'public') return
  throw new StartRefused(
    `DATABASE_URL names the schema "${schema}": only "public" is used; give it its own database`,
  )
}
