import { Client, DatabaseError } from 'pg'
import { StartRefused } from '../../platform/start-refused.ts'

declare module 'pg' {
  /** There since pg 7.4 and missing from its types: whether an open connection keeps the process up. */
  interface Client {
    ref(): void
    unref(): void
  }
}

/**
 * A connection that says "I use this server" for as long as it lives, by a lock that all may share. The last one out
 * is whoever can take it alone.
 */
export type Presence = {
  /** True where nobody else is left. Nobody can join from then on until this presence ends. */
  leave(): Promise<boolean>
  end(): Promise<void>
  /** Called once, when the connection breaks without `end` having been asked for. */
  onLost(lost: () => void): void
}

/** Any number, the same in every version: "csgp" in ASCII. It lies in the database `postgres`, away from the app's. */
const presenceLock = 0x63736770

/** Null where the server does not take connections at this moment: it is starting, or shutting down. */
export async function join(
  url: string,
  database: string,
  runner: { name: string; password: string },
): Promise<Presence | null> {
  const client = new Client({
    connectionString: url,
    application_name: 'countersign presence',
    keepAlive: true,
  })
  let lost: (() => void) | undefined
  let ending = false
  let broken = false
  // The end follows every error; without a listener, an error would end the process.
  client.on('error', () => undefined)
  client.on('end', () => {
    broken = true
    if (!ending) lost?.()
  })
  try {
    await client.connect()
    // Waits for one who is shutting the server down, which ends this connection.
    await client.query('select pg_advisory_lock_shared($1)', [presenceLock])
    await createDatabase(client, database)
    await createRunner(client, runner)
  } catch (error) {
    ending = true
    await client.end().catch(() => undefined)
    if (isPassing(error)) return null
    throw error
  }
  client.unref()
  return {
    async leave() {
      // From here on the answer is worth waiting for, even where nothing else keeps the process up.
      client.ref()
      ending = true
      if (broken) return false
      await client.query('select pg_advisory_unlock_shared($1)', [presenceLock])
      const { rows } = await client.query('select pg_try_advisory_lock($1) as last', [presenceLock])
      return rows[0]?.last === true
    },
    async end() {
      ending = true
      await client.end().catch(() => undefined)
    },
    onLost(listener) {
      lost = listener
      if (broken && !ending) listener()
    },
  }
}

async function createDatabase(client: Client, name: string): Promise<void> {
  const { rows } = await client.query('select 1 from pg_database where datname = $1', [name])
  if (rows.length > 0) return
  await client.query(`create database ${client.escapeIdentifier(name)} template template0`).catch(unlessThere)
}

async function createRunner(
  client: Client,
  { name, password }: { name: string; password: string },
): Promise<void> {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [name])
  if (rows.length > 0) return
  await client
    .query(`create role ${client.escapeIdentifier(name)} login password ${client.escapeLiteral(password)}`)
    .catch(unlessThere)
}

/** 42P04, 42710 and 23505: another process, starting at the same moment, was first. */
function unlessThere(error: unknown): void {
  if (!(error instanceof DatabaseError) || !['42P04', '42710', '23505'].includes(error.code ?? ''))
    throw error
}

/** Starting, shutting down, or cut off by a shutdown. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (code === '28P01') {
    throw new StartRefused(
      'the password under DATA_DIR is not the one of its database: restore both from one backup',
    )
  }
  return (
    /^57P0[1-3]$|^ECONNREFUSED$|^ECONNRESET$|^EPIPE$/.test(code) ||
    error.message.includes('Connection terminated')
  )
}
