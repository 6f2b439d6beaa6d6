import type { Logger } from 'pino'
import { measureOffset, type systemClock } from '../platform/clock.ts'
import { reach, type Database } from './database.ts'

const everyMs = 60_000

/**
 * Keeps the clock on the database's time, so that all replicas agree on what is late. Resolves once it was asked for
 * the first time; goes on until `stop`.
 */
export async function followDatabase(
  database: Database,
  clock: ReturnType<typeof systemClock>,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  const ask = async () => {
    const { rows } = await reach(() => database.pool.query<{ now: Date }>('select clock_timestamp() as now'))
    return rows[0]!.now
  }
  const correct = async () => clock.correct(await measureOffset(ask))
  await correct()
  const goOn = async () => {
    for (;;) {
      await clock.sleep(new Date(clock.now().getTime() + everyMs), stop)
      if (stop.aborted) return
      await correct().catch((error: unknown) =>
        log.warn({ err: error }, 'the database’s time could not be read'),
      )
    }
  }
  void goOn()
}
