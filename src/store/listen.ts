import pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import { decidedChannel } from './decided-channel.ts'
import { holderLockClass } from './jobs.ts'

export type Listener = { close(): Promise<void> }

/** A connection that is cut without a word is noticed after this time, in milliseconds. */
const heartbeatMs = 10_000
const answerMs = 5_000

/**
 * One connection of its own that hears of decisions made by any replica and, by being there, shows that this process
 * lives: it holds the advisory lock `(holderLockClass, holder)`, which PostgreSQL frees when the connection ends. The
 * lock is shared, so that this process never waits for what is left of its own earlier connection.
 *
 * `onDecided(null)` says that notifications may have been missed while the connection was away.
 */
export async function listen(
  url: string,
  holder: number,
  clock: Clock,
  log: Logger,
  onDecided: (approval_id: string | null) => void,
): Promise<Listener> {
  const stop = new AbortController()
  let client: pg.Client | null = null

  async function connect() {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'countersign-listen',
      keepAlive: true,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    })
    fresh.on('error', (error) => log.warn({ err: error }, 'the listening connection broke'))
    fresh.on('notification', (message) => onDecided(message.payload ?? null))
    fresh.on('end', () => {
      if (client === fresh && !stop.signal.aborted) void reconnect()
    })
    try {
      await fresh.connect()
      await fresh.query('select pg_advisory_lock_shared($1::int, $2::int)', [holderLockClass, holder])
      await fresh.query(`listen ${decidedChannel}`)
    } catch (error) {
      await fresh.end().catch(() => undefined)
      throw error
    }
    client = fresh
    void beat(fresh)
    onDecided(null)
    if (stop.signal.aborted) await fresh.end().catch(() => undefined)
  }

  async function beat(beaten: pg.Client) {
    while (client === beaten && !stop.signal.aborted) {
      await clock.sleep(new Date(clock.now().getTime() + heartbeatMs), stop.signal)
      if (client !== beaten || stop.signal.aborted) return
      // A query that times out leaves its connection unusable: ending it brings the reconnection.
      await beaten.query('select 1').catch(() => beaten.end().catch(() => undefined))
    }
  }

  async function reconnect() {
    client = null
    while (!stop.signal.aborted) {
      try {
        return await connect()
      } catch (error) {
        log.warn({ err: error }, 'cannot listen for decisions yet')
        await clock.sleep(new Date(clock.now().getTime() + 200), stop.signal)
      }
    }
  }

  await connect()
  return {
    async close() {
      stop.abort()
      await client?.end().catch(() => undefined)
    },
  }
}
