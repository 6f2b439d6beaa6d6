import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { createAdmin } from './admin/index.ts'
import { provenSeal } from './admin/secret-key.ts'
import { createAudit } from './audit/index.ts'
import { readPasted } from './intake/pasted.ts'
import { createFlow } from './flow/flow.ts'
import { createDecided } from './flow/decided.ts'
import { createMetrics } from './metrics/index.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { createSignal } from './platform/signal.ts'
import { openDatabase } from './store/database.ts'
import { startEmbedded } from './store/embedded/start.ts'
import { followDatabase } from './store/follow-database.ts'
import { migrate, refuseTwoDatabases, roleOf } from './store/migrate/migrate.ts'

/**
 * What the server and the command line both stand on: the database, migrated, and the rooms around it.
 *
 * @param given_clock for tests, which move time by hand; in production the clock follows the database's time
 * @param unwanted a start that is not wanted any more ends with its next step
 * @throws StartRefused with a line for each fault that the operator can mend
 */
export async function layGround(config: Config, log: Logger, given_clock?: Clock, unwanted?: AbortSignal) {
  // `await using` would say the same; the tool that checks the rooms' boundaries does not read it yet.
  const opened = new AsyncDisposableStack()
  try {
    return await layOn(opened, config, log, given_clock, unwanted)
  } catch (error) {
    // At once: a database server left behind would keep the process from ending.
    await opened.disposeAsync()
    throw error
  }
}

async function layOn(
  opened: AsyncDisposableStack,
  config: Config,
  log: Logger,
  given_clock: Clock | undefined,
  unwanted: AbortSignal | undefined,
) {
  const { secret_key } = config
  const data_dir = resolve(config.data_dir)
  const { owner_url, url } = await urlsOf(config, data_dir, log, opened)
  unwanted?.throwIfAborted()
  await migrate(owner_url, log, { runner: owner_url === url ? null : await roleOf(url) })
  unwanted?.throwIfAborted()
  const database = opened.adopt(openDatabase(url, log), ({ close }) => close())
  const clock = given_clock ?? (await followedClock(url, log, opened))
  const seal = await provenSeal({ database, clock }, { secret_key, data_dir })
  const work = createSignal()
  const decided = createDecided(clock)
  const flow = createFlow({ database, clock, seal, work, decided, log, issuer: config.public_url })
  await flow.permits.ready()
  return {
    database,
    data_dir,
    clock,
    work,
    decided,
    /** This process's number among the replicas. */
    holder: randomInt(1, 2 ** 31 - 1),
    flow,
    admin: createAdmin({ database, clock, seal, work, readRequest: readPasted }),
    audit: createAudit({ database, clock, seal }),
    metrics: createMetrics({ database, clock, work }),
    close: () => opened.disposeAsync(),
  }
}

export type Ground = Awaited<ReturnType<typeof layGround>>

/** The database as the role that owns it, which migrates, and as the one that the app runs as; they may be the same. */
async function urlsOf(
  { database_url, migration_database_url }: Config,
  data_dir: string,
  log: Logger,
  opened: AsyncDisposableStack,
): Promise<{ owner_url: string; url: string }> {
  if (database_url !== null) {
    const owner_url = migration_database_url ?? database_url
    refuseTwoDatabases(owner_url, database_url)
    return { owner_url, url: database_url }
  }
  const embedded = opened.adopt(await startEmbedded({ data_dir, log }), ({ stop }) => stop())
  return { owner_url: embedded.url, url: embedded.runner_url }
}

async function followedClock(url: string, log: Logger, opened: AsyncDisposableStack): Promise<Clock> {
  const clock = systemClock()
  opened.adopt(await followDatabase(url, clock, log), ({ close }) => close())
  return clock
}
