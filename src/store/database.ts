import { isNativeError } from 'node:util/types'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Logger } from 'pino'
import { createCalls, type Calls } from '../platform/signal.ts'
import { Unavailable } from '../platform/unavailable.ts'
import { PrismaClient } from './generated/client.ts'

export type Database = {
  url: string
  /** For the statements that must be settled in one round trip, or under a lock. */
  pool: pg.Pool
  /** For everything else: the same connections, typed. */
  prisma: PrismaClient
  /** Raised after each commit that may have added audit events. */
  recorded: Calls
  close(): Promise<void>
}

/** The server ends a statement after this time, in milliseconds. */
const statementMs = 30_000

/**
 * Connections are made when they are needed: opening never fails.
 *
 * @param options.answer_ms how long an answer is waited for, in milliseconds. Longer than the server lets a statement run: it
 *   is for the server, or the way to it, that is gone without a word, which TCP alone notices after a quarter of an hour
 */
export function openDatabase(
  url: string,
  log: Logger,
  options: { max_connections?: number; answer_ms?: number } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max_connections ?? 20,
    connectionTimeoutMillis: 5_000,
    application_name: 'countersign',
    keepAlive: true,
    statement_timeout: statementMs,
    query_timeout: options.answer_ms ?? statementMs + 5_000,
    // A transaction waits for nobody but the database: a process that is stuck in one must not hold up the others.
    idle_in_transaction_session_timeout: 5_000,
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    url,
    pool,
    prisma,
    recorded: createCalls(),
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

/** Runs what only reads; throws `Unavailable` where the database is away, and what was thrown otherwise. */
export async function reach<T>(work: () => Promise<T>): Promise<T> {
  return heard(work, () => false)
}

async function heard<T>(work: () => Promise<T>, may_have_happened: () => boolean): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isAway(error)) throw error
    const options = { cause: error, may_have_happened: may_have_happened() }
    throw new Unavailable('the database cannot be reached', options)
  }
}

function isAway(error: unknown): boolean {
  // Not `instanceof`: errors of Node itself are of another realm under Jest.
  if (!isNativeError(error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (passing.test(code) || passingSystemErrors.has(code)) return true
  // Prisma's own codes: cannot reach, timed out, connection closed, no connection from the pool in time.
  if (/^P10(01|02|08|17)$|^P2024$/.test(code)) return true
  // An address that is tried by IPv4 and IPv6 fails with both.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isAway)
  // `pg` has no code for these.
  return /Connection terminated|timeout exceeded when trying to connect|^timeout expired|^Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/.test(
    error.message,
  )
}

/** The advisory lock that whoever decides shares, and whoever changes what is decided by has alone. The same as in `desk_epoch`. */
const deskLock = 0x4353_4445

/** How a transaction begins. What is locked is locked before the first look at a row: what the lock was waited for is seen. */
const begins = {
  anything: 'begin',
  decides: `begin; select pg_advisory_xact_lock_shared(${deskLock})`,
  changes_desk: `begin; select pg_advisory_xact_lock(${deskLock})`,
}

/**
 * One transaction; throws `Unavailable` where the database is away. From the commit on it may have happened then: the
 * answer may be what was lost.
 *
 * @param beside what else may go on: see `store/desk.ts`
 */
export async function transaction<T>(
  database: Database,
  work: (client: pg.PoolClient) => Promise<T>,
  beside: keyof typeof begins = 'anything',
): Promise<T> {
  let committing = false
  const whole: Borrow<T> = async (client, discard) => {
    try {
      // `pg` sends what `work` asks first right behind it: nobody has to wait for the answer to a `begin`.
      const [, result] = await Promise.all([client.query(begins[beside]), work(client)])
      committing = true
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch(discard)
      throw error
    }
  }
  return heard(
    () => borrow(database, whole),
    () => committing,
  )
}

declare const isRecording: unique symbol

/** The connection of a transaction that adds audit events. What adds them asks for it, so that the sealer is told of each. */
export type RecordingClient = pg.PoolClient & { readonly [isRecording]: true }

/** A transaction that adds audit events: whoever seals them is told once they are there. */
export async function recording<T>(
  database: Database,
  work: (client: RecordingClient) => Promise<T>,
  beside?: keyof typeof begins,
): Promise<T> {
  const result = await transaction(database, (client) => work(client as RecordingClient), beside)
  database.recorded.raise()
  return result
}

/**
 * One statement that writes, a transaction of its own; throws `Unavailable` where the database is away. Once it was
 * sent it may have happened then.
 */
export async function write<Row extends pg.QueryResultRow>(
  database: Database,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  let sent = false
  const whole: Borrow<pg.QueryResult<Row>> = async (client, discard) => {
    sent = true
    return client.query<Row>(statement).catch((error: Error) => {
      discard(error)
      throw error
    })
  }
  return heard(
    () => borrow(database, whole),
    () => sent,
  )
}

/** `discard` says that the connection is in an unknown state, and must not be given back to the pool. */
type Borrow<T> = (client: pg.PoolClient, discard: (why: Error) => void) => Promise<T>

async function borrow<T>(database: Database, work: Borrow<T>): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  const discard = (why: Error) => void (broken = why)
  // The pool listens to its idle connections only, and an error that nobody listens to would end the process.
  client.on('error', discard)
  try {
    return await work(client, discard)
  } finally {
    client.off('error', discard)
    client.release(broken)
  }
}

/** One statement on its own. */
export async function runStatement(
  database: Database,
  { text, values }: { text: string; values: unknown[] },
): Promise<void> {
  await write(database, { text, values })
}
