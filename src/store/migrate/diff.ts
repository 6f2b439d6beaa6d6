import type { DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { oneConnection } from './adapter.ts'
import { withSchemaEngine } from './engine.ts'
import { migrationList, prismaFolder, readMigrations } from './folder.ts'

/**
 * The SQL that leads from what the migrations make to what `schema.prisma` says: empty where they agree. The
 * migrations are replayed in a scratch database on the server at `url`, whose user must be allowed to create one.
 */
export async function schemaDrift(
  url: string,
  { folder = prismaFolder }: { folder?: string } = {},
): Promise<string> {
  const migrations = await readMigrations(folder)
  const schema = path.join(folder, 'schema.prisma')
  const made: DiffTarget = { tag: 'migrations', ...migrationList(folder, migrations) }
  const wanted: DiffTarget = {
    tag: 'schemaDatamodel',
    files: [{ path: schema, content: await readFile(schema, 'utf8') }],
  }
  const pool = oneConnection(url)
  try {
    const { stdout } = await withSchemaEngine(pool, url, (engine) =>
      engine.diff({
        from: made,
        to: wanted,
        script: true,
        exitCode: null,
        filters: { externalTables: [], externalEnums: [] },
      }),
    )
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  } finally {
    await pool.end()
  }
}

/**
 * Writes the difference as a new migration, `YYYYMMDDHHMMSS_name/migration.sql` (UTC), and returns its path; null where
 * there is none. `name` is lower case letters, digits and underscores. With `empty`, a file to be filled by hand.
 */
export async function diffMigration(
  url: string,
  name: string,
  now: Date,
  { folder = prismaFolder, empty = false }: { folder?: string; empty?: boolean } = {},
): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw new Error(
      `"${name}" is no name for a migration: lower case letters, digits and underscores, as in add_agent`,
    )
  }
  const sql = await schemaDrift(url, { folder })
  if (sql === '' && !empty) return null
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const file = path.join(folder, 'migrations', `${stamp}_${name}`, 'migration.sql')
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, sql === '' ? '' : `${sql}\n`, { flag: 'wx' })
  return file
}
