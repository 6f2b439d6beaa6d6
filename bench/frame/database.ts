import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { withDatabase } from '../../src/store/url.ts'

export type DatabaseServer = {
  /** Makes a database of this name with every migration applied, and gives its address. */
  create(name: string): Promise<string>
  /** The same without a single table, for those who bring their own. */
  createEmpty(name: string): Promise<string>
  stop(): Promise<void>
}

/** A PostgreSQL of the benchmarks' own, with the product's settings: what is committed is on the disk. */
export async function startDatabaseServer(): Promise<DatabaseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  // As root, the server runs as another user, who must get in.
  await chmod(folder, 0o711)
  const quiet = { info: () => undefined, warn: () => undefined }
  // So that a statement can be counted; and the planner knows of the rows that a benchmark has just put there.
  const settings = { shared_preload_libraries: 'pg_stat_statements', max_connections: '300' }
  const server = await startEmbedded({ data_dir: folder, log: quiet, settings })
  const createEmpty = async (name: string) => {
    await query(server.url, `create database ${name}`)
    return withDatabase(server.url, name)
  }
  return {
    createEmpty,
    async create(name) {
      const url = await createEmpty(name)
      await migrate(url, quiet)
      return url
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}
