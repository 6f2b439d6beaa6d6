import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { createAdmin } from './admin/index.ts'
import { provenSeal } from './admin/secret-key.ts'
import { createAudit } from './audit/index.ts'
import { createFlow } from './flow/create.ts'
import { createDecided } from './flow/decided.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { createSignal } from './platform/signal.ts'
import { openDatabase, type Database } from './store/database.ts'
import { startEmbedded } from './store/embedded/start.ts'
import { followDatabase } from './store/follow-database.ts'
import { migrate } from './store/migrate/migrate.ts'

/**
 * What the server and the command line both stand on: the database, migrated, and the rooms around it.
 *
 * @param given_clock for tests, which move time by hand; in production the clock follows the database's time
 * @throws StartRefused with a line for each fault that the operator can mend
 */
export async function layGround(config: Config, log: Logger, given_clock?: Clock) {
  const data_dir = resolve(config.data_dir)
  const embedded = config.database_url === null ? await startEmbedded({ data_dir, log }) : null
  const url = embedded?.url ?? config.database_url!
  try {
    await migrate(url, log)
  } catch (error) {
    await embedded?.stop()
    throw error
  }
  const database = openDatabase(url, log)
  const stop = new AbortController()
  const close = async () => {
    stop.abort()
    await database.close()
    await embedded?.stop()
  }
  try {
    const clock = given_clock ?? (await followed(database, log, stop.signal))
    const seal = await provenSeal({ database, clock }, { secret_key: config.secret_key, data_dir })
    const work = createSignal()
    const decided = createDecided(clock)
    return {
      database,
      data_dir,
      clock,
      work,
      decided,
      /** This process's number among the replicas. */
      holder: randomInt(1, 2 ** 31 - 1),
      flow: createFlow({ database, clock, seal, work, decided }),
      admin: createAdmin({ database, clock, seal, work }),
      audit: createAudit(database),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

export type Ground = Awaited<ReturnType<typeof layGround>>

async function followed(database: Database, log: Logger, stop: AbortSignal): Promise<Clock> {
  const clock = systemClock()
  await followDatabase(database, clock, log, stop)
  return clock
}
