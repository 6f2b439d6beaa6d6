import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { fail, inOneLine, ok, warn, type Check } from '../../platform/check.ts'
import type { Config } from '../../platform/config.ts'
import { openDatabase, type Database } from '../../store/database.ts'
import { isMade } from '../../store/embedded/made.ts'
import { startEmbedded } from '../../store/embedded/start.ts'
import { refuseTwoDatabases } from '../../store/migrate/migrate.ts'
import { inspectDatabase, type DatabaseState } from '../../store/migrate/inspect.ts'
import { describeUrl } from '../../store/url.ts'

export type Reached = {
  checks: Check[]
  /** Null where there is none to be asked. */
  database: Database | null
  ahead_ms: number | null
  /** As the role that the app runs as; empty where the database could not be reached. */
  runner_url: string
  close(): Promise<void>
}

type Where = Pick<Config, 'database_url' | 'migration_database_url' | 'data_dir'>

/** The app follows the database's time, so that this is only about logs and about what other programs write. */
const noticedMs = 5_000

/** The database as it is, neither made nor migrated. Never throws. */
export async function reachDatabase(
  { database_url, migration_database_url, data_dir }: Where,
  log: Logger,
): Promise<Reached> {
  const place = resolve(data_dir)
  if (database_url === null && !(await isMade(place))) {
    const none = ok('database', `there is none under ${place} yet: the first start makes it`)
    return { checks: [none], database: null, ahead_ms: null, runner_url: '', close: async () => undefined }
  }
  let embedded: Awaited<ReturnType<typeof startEmbedded>> | null = null
  let database: Database | null = null
  const close = async () => {
    await database?.close()
    await embedded?.stop()
  }
  try {
    embedded = database_url === null ? await startEmbedded({ data_dir: place, log }) : null
    // What a start would do is what whoever migrates would do.
    const url = embedded?.url ?? migration_database_url ?? database_url ?? ''
    const runner_url = embedded?.runner_url ?? database_url ?? ''
    refuseTwoDatabases(url, runner_url)
    const state = await inspectDatabase(url)
    database = openDatabase(url, log, { max_connections: 2 })
    const name = embedded ? `the embedded one under ${place}` : describeUrl(url)
    return { checks: checksOf(name, state), database, ahead_ms: state.ahead_ms, runner_url, close }
  } catch (error) {
    const remedy =
      database_url === null
        ? `Look into ${place}/postgres/server.log, and at the disk and its permissions.`
        : 'See that the server runs, that this machine may reach it, and that DATABASE_URL has the right user and password.'
    return {
      checks: [fail('database', inOneLine(error), remedy)],
      database: null,
      ahead_ms: null,
      runner_url: '',
      close,
    }
  }
}

function checksOf(name: string, { version, pending, history_fault, ahead_ms }: DatabaseState): Check[] {
  return [
    ok('database', `${name}, PostgreSQL ${version}`),
    history_fault !== null
      ? fail('migrations', history_fault)
      : pending.length > 0
        ? warn(
            'migrations',
            `not applied yet: ${pending.join(', ')}`,
            'The next start of the app applies them; nothing else is to be done.',
          )
        : ok('migrations', 'all applied'),
    clockCheck(ahead_ms),
  ]
}

function clockCheck(ahead_ms: number): Check {
  const check = 'clock: database'
  const seconds = Math.abs(ahead_ms) / 1_000
  if (Math.abs(ahead_ms) < noticedMs) return ok(check, `within ${seconds.toFixed(1)} s of this machine’s`)
  return warn(
    check,
    `${seconds.toFixed(0)} s ${ahead_ms > 0 ? 'ahead of' : 'behind'} this machine’s; the app goes by the database’s`,
    'Let NTP set the clocks of both machines.',
  )
}
