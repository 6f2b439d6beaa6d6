import pg from 'pg'
import type { Logger } from 'pino'
import { betterOffset, measureOffset, type Measured, type systemClock } from '../platform/clock.ts'
import { reach } from './database.ts'

const everyMs = 60_000

/** Of so many questions, the one with the quickest answer tells the most. */
const questions = 3

/** How long one question, or the connecting before it, may take, in milliseconds. */
const patienceMs = 5_000

/**
 * Keeps the clock on the database's time, so that all replicas agree on what is late. Resolves once it was asked for
 * the first time, and goes on until it is closed. Each time it asks on a connection of its own: in the pool, the
 * question would wait behind the app's work, and half of that wait be taken for a difference between the clocks.
 *
 * @throws Unavailable where the database cannot be asked the first time; later that is logged, and tried again
 */
export async function followDatabase(
  url: string,
  clock: ReturnType<typeof systemClock>,
  log: Logger,
): Promise<{ close(): Promise<void> }> {
  const stop = new AbortController()
  let offset_ms: number | null = null

  async function correct() {
    offset_ms = betterOffset(offset_ms, await reach(() => askDatabase(url)))
    clock.correct(offset_ms)
  }

  async function goOn() {
    for (;;) {
      await clock.sleep(new Date(clock.now().getTime() + everyMs), stop.signal)
      if (stop.signal.aborted) return
      await correct().catch((error: unknown) =>
        log.warn({ err: error }, 'the database’s time could not be read'),
      )
    }
  }

  await correct()
  const going = goOn()
  return {
    async close() {
      stop.abort()
      await going
    },
  }
}

async function askDatabase(url: string): Promise<Measured> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'countersign-clock',
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  })
  // What breaks is reported by the question that waits for its answer.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const measured: Measured[] = []
    for (let asked = 0; asked < questions; asked++)
      measured.push(await measureOffset(() => databaseTime(client)))
    return measured.reduce((best, one) => (one.error_ms < best.error_ms ? one : best))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function databaseTime(client: pg.Client): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now')
  const [row] = rows
  if (!row) throw new Error('PostgreSQL did not say what time it is')
  return row.now
}
