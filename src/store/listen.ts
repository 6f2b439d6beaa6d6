import pg from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import { decidedChannel } from './decided-channel.ts'
import { holderLockClass } from './jobs.ts'

export type Listener = { close(): Promise<void> }

/**
 * One connection of its own that hears of decisions made by any replica and, by being there, shows that this process
 * lives: it holds the advisory lock `(holderLockClass, holder)`, which PostgreSQL frees when the connection ends.
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

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'countersign-listen',
      keepAlive: true,
    })
    fresh.on('error', (error) => log.warn({ err: error }, 'the listening connection broke'))
    fresh.on('notification', (message) => onDecided(message.payload ?? null))
    fresh.on('end', () => {
      if (client === fresh && !stop.signal.aborted) void reconnect()
    })
    await fresh.connect()
    await fresh.query('select pg_advisory_lock($1::int, $2::int)', [holderLockClass, holder])
    await fresh.query(`listen ${decidedChannel}`)
    client = fresh
    onDecided(null)
  }
  const reconnect = async () => {
    while (!stop.signal.aborted) {
      try {
        return await connect()
      } catch (error) {
        log.warn({ err: error }, 'cannot listen for decisions yet')
        await clock.sleep(new Date(clock.now().getTime() + 500), stop.signal)
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
