import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Logger } from 'pino'
import { Unavailable } from '../platform/unavailable.ts'
import { PrismaClient } from './generated/client.ts'

export type Database = {
  url: string
  /** For the statements that must be settled in one round trip, or under a lock. */
  pool: pg.Pool
  /** For everything else: the same connections, typed. */
  prisma: PrismaClient
  close(): Promise<void>
}

/** Connections are made when they are needed: opening never fails. */
export function openDatabase(url: string, log: Logger, options: { max_connections?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max_connections ?? 20,
    connectionTimeoutMillis: 5_000,
    application_name: 'countersign',
    // One that does not come back after a network cut must not hold a request for the kernel's two hours.
    keepAlive: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    url,
    pool,
    prisma,
    async close() {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}

/** SQLSTATE classes and codes that say "not now" rather than "wrong": connection, shutdown, resources, cancelled. */
const passing = /^(08|53|57P0[1-5]$|57014$|25P03$)/
const passingSystemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

/** Runs database work; throws `Unavailable` where the database is away, and what was thrown otherwise. */
export async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isAway(error) ? new Unavailable('the database cannot be reached', { cause: error }) : error
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (passing.test(code) || passingSystemErrors.has(code)) return true
  // Prisma's own codes: cannot reach, timed out, connection closed, no connection from the pool in time.
  if (/^P10(01|02|08|17)$|^P2024$/.test(code)) return true
  if (error instanceof AggregateError) return error.errors.some(isAway)
  // `pg` has no code for these.
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  )
}

/**
 * One transaction. A connection whose state is unknown after a failure is thrown away, not given back.
 */
export async function transaction<T>(
  database: Database,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return reach(async () => {
    const client = await database.pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work(client)
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  })
}

/** One statement on its own. */
export async function runStatement(
  database: Database,
  { text, values }: { text: string; values: unknown[] },
): Promise<void> {
  await reach(() => database.pool.query(text, values))
}
