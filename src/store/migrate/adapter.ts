import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import { randomUUID } from 'node:crypto'
import { Client, DatabaseError, Pool, type QueryResult } from 'pg'
import { withDatabase } from '../url.ts'

/**
 * How Prisma's schema engine reaches a database: through `@prisma/adapter-pg`, on the one connection of `pool`, with
 * three things done otherwise than in 7.10.0 because the engine needs them so.
 */
export function migrationAdapter(pool: Pool, url: string): SqlMigrationAwareDriverAdapterFactory {
  const singleCharacters = findSingleCharacters(pool)
  const onPool = new PrismaPg(pool)
  return {
    provider: onPool.provider,
    adapterName: onPool.adapterName,
    async connect() {
      const adapter: SqlDriverAdapter = await onPool.connect()
      const queryRaw = adapter.queryRaw.bind(adapter)
      adapter.queryRaw = async (query) => {
        const result = await queryRaw(query)
        for (const column of singleCharacters(query.sql))
          result.columnTypes[column] = ColumnTypeEnum.Character
        return result
      }
      // The adapter would cut a script at every semicolon, through the middle of a function's body.
      adapter.executeScript = async (script) => {
        await pool.query(script).catch((error: unknown) => {
          throw error instanceof DatabaseError ? inPrismasWords(error) : error
        })
      }
      return adapter
    },
    connectToShadowDb: () => scratchDatabase(url),
  }
}

/** The engine reports these in full, and of any other error only that there was one. */
function inPrismasWords(error: DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? '',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  })
}

/** A pool of exactly one connection, kept for as long as the pool: what begins on it ends on it. */
export function oneConnection(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 10_000,
    application_name: 'countersign migrate',
  })
  // Without a listener, a connection that breaks while idle would end the process; the next query reports it.
  pool.on('error', () => undefined)
  return pool
}

/** PostgreSQL's internal one-byte type "char", which its catalogue uses for kinds, and `char(n)` (pg_type.dat). */
const charType = 18
const bpcharType = 1042

/**
 * The adapter knows no "char" and fails on it, and the engine reads foreign keys only where it gets one. So the pool
 * passes it off as `char(n)`, and remembers which columns of which statement it was.
 */
function findSingleCharacters(pool: Pool): (sql: string) => readonly number[] {
  const columns = new Map<string, number[]>()
  const query = pool.query.bind(pool) as (...request: unknown[]) => Promise<QueryResult>
  Object.assign(pool, {
    async query(...request: unknown[]) {
      const result = await query(...request)
      const [config] = request
      if (typeof config !== 'object' || config === null || !('text' in config)) return result
      for (const [column, field] of result.fields.entries()) {
        if (field.dataTypeID !== charType) continue
        field.dataTypeID = bpcharType
        const sql = String(config.text)
        columns.set(sql, [...(columns.get(sql) ?? []), column])
      }
      return result
    },
  })
  return (sql) => columns.get(sql) ?? []
}

/**
 * A database of its own to replay migrations in. The adapter's would be the real one, which the engine empties first:
 * the database named in a connection string wins over the scratch database's name.
 */
async function scratchDatabase(url: string): Promise<SqlDriverAdapter> {
  const name = `countersign_scratch_${randomUUID()}`
  await runOnce(url, `create database "${name}" template template0`)
  const scratch_url = withDatabase(url, name)
  const pool = oneConnection(scratch_url)
  const scratch = await migrationAdapter(pool, scratch_url).connect()
  scratch.dispose = async () => {
    await pool.end()
    await runOnce(url, `drop database "${name}" with (force)`)
  }
  return scratch
}

async function runOnce(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
