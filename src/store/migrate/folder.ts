import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

/** One migration as it is in the folder. `checksum` is what Prisma keeps of it: the SHA-256 of its text, in hex. */
export type Migration = { name: string; sql: string; checksum: string }

/** Where `schema.prisma` and `migrations/` are. */
export const prismaFolder = fileURLToPath(new URL('../../../prisma', import.meta.url))

/** Every migration below `folder`, oldest first: their names begin with the time they were made. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(path.join(folder, 'migrations'), { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      // A checkout on Windows may have changed the line ends, and with them the checksum.
      const file = await readFile(path.join(folder, 'migrations', name, 'migration.sql'), 'utf8')
      const sql = file.replaceAll('\r\n', '\n')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** The same in the words of Prisma's schema engine. */
export function migrationList(folder: string, migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: path.join(folder, 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}
