import { DatabaseError, type Pool } from 'pg'
import { StartRefused } from '../../platform/start-refused.ts'
import type { Migration } from './folder.ts'

type Applied = { migration_name: string; checksum: string; finished: boolean }

/**
 * The migrations that the database does not have yet, by one look at Prisma's `_prisma_migrations`. Throws
 * `StartRefused` where folder and database tell different stories: the database was used by a newer version, a
 * migration was changed after it ran, or one was left unfinished by another tool.
 */
export async function pendingMigrations(
  queryable: Pick<Pool, 'query'>,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const applied = new Map((await readHistory(queryable)).map((row) => [row.migration_name, row]))
  for (const { name, checksum } of migrations) {
    const row = applied.get(name)
    if (row && !row.finished) {
      throw new StartRefused(
        `migration ${name} was begun and not finished in this database: repair it by hand, then run ` +
          `"npx prisma migrate resolve" with --applied or --rolled-back`,
      )
    }
    if (row && row.checksum !== checksum) {
      throw new StartRefused(
        `migration ${name} is not the one that ran in this database: restore its file, and put changes into a new one`,
      )
    }
  }
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...applied.keys()].filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new StartRefused(
      `the database was migrated by a newer version (it has ${unknown.join(', ')}): start that version, or restore a backup`,
    )
  }
  return migrations.filter(({ name }) => !applied.has(name))
}

const insufficientPrivilege = '42501'

async function readHistory(queryable: Pick<Pool, 'query'>): Promise<Applied[]> {
  // Asked first, because a query that fails would end the transaction that this may run in.
  const table = await queryable.query(`select to_regclass('_prisma_migrations') is not null as there`)
  if (!table.rows[0]?.there) return []
  const text = `select migration_name, checksum, finished_at is not null as finished
    from _prisma_migrations where rolled_back_at is null order by started_at`
  const { rows } = await queryable.query<Applied>(text).catch((error: unknown) => {
    if (!(error instanceof DatabaseError) || error.code !== insufficientPrivilege) throw error
    throw new StartRefused(
      'the role of DATABASE_URL may not read the tables yet: start once with MIGRATION_DATABASE_URL, the address of the role that owns them',
      { cause: error },
    )
  })
  return rows
}
