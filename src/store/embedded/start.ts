import { randomBytes } from 'node:crypto'
import { readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { StartRefused } from '../../platform/start-refused.ts'
import { ensureCluster, runnerName, runnerPassword, serverPassword, userName } from './cluster.ts'
import { freePort, keepPort, lastPort, launch, type Settings } from './launch.ts'
import { findPlace, noteFile, noteRoom, type Place } from './place.ts'
import { findPostmaster, shutDown } from './postmaster.ts'
import { join, type Presence } from './presence.ts'

export type EmbeddedServer = {
  /** The database, with the user that owns it and migrates it, and their password. */
  url: string
  /** The same with the user that the app runs as; they are granted their rights by a migration. */
  runner_url: string
  /** Leaves the server; the last process to leave shuts it down. */
  stop(): Promise<void>
}

/** So many starts in a row, 100 ms and more apart, find the lock empty before it is taken for a remnant. */
const remnantAfter = 20

type Log = Pick<Logger, 'info' | 'warn'>

/**
 * A PostgreSQL of this program's own under `data_dir`, on 127.0.0.1 only. The first start makes it; a start beside or
 * after another process (the app and the command line; an app that was killed) joins the server that runs. It is
 * brought back where it goes away. `settings` go over ours: a test may put `fsync` off. Throws `StartRefused` with one
 * line for the operator.
 */
export async function startEmbedded(options: {
  data_dir: string
  log: Log
  settings?: Settings
}): Promise<EmbeddedServer> {
  const { data_dir, log, settings = {} } = options
  try {
    return await start(data_dir, log, settings)
  } catch (error) {
    throw explainFiles(error, data_dir)
  }
}

async function start(data_dir: string, log: Log, settings: Settings): Promise<EmbeddedServer> {
  const place = await findPlace(data_dir, log)
  await setStrangerAside(place, log)
  const password = await serverPassword(place.home)
  await ensureCluster(place, password, settings.fsync !== 'off')
  await noteRoom(place)

  const runner = { name: runnerName, password: runnerPassword(password) }
  const urlAt = (port: number, database: string, user = { name: userName, password }) =>
    `postgresql://${user.name}:${user.password}@127.0.0.1:${port}/${database}`
  let leaving = false

  async function enter(fixed_port: number | null): Promise<{ presence: Presence; port: number }> {
    const running = await ensureRunning(place, settings, fixed_port, log)
    const presence = await join(urlAt(running.port, 'postgres'), userName, runner)
    if (presence) return { presence, port: running.port }
    await pause(20)
    return enter(fixed_port)
  }

  const first = await enter(null)
  const { port } = first
  await keepPort(place.home, port)
  let { presence } = first
  let comingBack = Promise.resolve()

  /** The port stays the same: the app's connections know no other. */
  async function comeBack(): Promise<void> {
    log.warn('the embedded database went away: bringing it back')
    for (;;) {
      if (leaving) return
      try {
        presence = (await enter(port)).presence
        presence.onLost(lost)
        log.info('the embedded database is back')
        return
      } catch (error) {
        log.warn(
          `the embedded database does not come back: ${error instanceof Error ? error.message : String(error)}`,
        )
        await pause(1_000, undefined, { ref: false })
      }
    }
  }
  const lost = () => {
    if (!leaving) comingBack = comeBack()
  }
  presence.onLost(lost)

  let stopped: Promise<void> | undefined
  return {
    url: urlAt(port, userName),
    runner_url: urlAt(port, userName, runner),
    stop: () => (stopped ??= stop()),
  }

  async function stop(): Promise<void> {
    leaving = true
    await comingBack
    const last = await presence.leave().catch(() => false)
    if (last && !(await shutDown(place.data))) log.warn('the embedded database is still shutting down')
    await presence.end()
  }
}

/** The server that runs on this data, started here where there is none. */
async function ensureRunning(place: Place, settings: Settings, fixed_port: number | null, log: Log) {
  let port = fixed_port ?? (await lastPort(place.home)) ?? (await freePort())
  let empty_locks = 0
  for (;;) {
    const running = await findPostmaster(place.data)
    if (running?.ready) return running
    if (running) {
      await pause(20)
      continue
    }
    const outcome = await launch(place, port, settings)
    if (outcome === 'port in use') {
      if (fixed_port !== null) throw new StartRefused(`port ${fixed_port} is in use by another program`)
      port = await freePort()
      log.info(`another program uses the embedded database's port: it is ${port} from now on`)
    }
    if (outcome === 'still in use' || outcome === 'lock is empty') await pause(100)
    // Whoever starts writes it within a moment: what stays empty is a remnant, and PostgreSQL would refuse it for ever.
    if (outcome === 'lock is empty' && ++empty_locks === remnantAfter)
      await rm(path.join(place.data, 'postmaster.pid'), { force: true })
  }
}

/**
 * Data outside of DATA_DIR whose password DATA_DIR does not have belonged to one that was deleted: what is there now is
 * new, and begins empty. The old data is not deleted with it.
 */
async function setStrangerAside({ home, room, data }: Place, log: Log): Promise<void> {
  const ours = room === home || (await exists(noteFile(home))) || (await exists(path.join(home, 'password')))
  if (ours || !(await exists(path.join(data, 'PG_VERSION')))) return
  await shutDown(data)
  const aside = `${data}-${randomBytes(4).toString('hex')}`
  await rename(data, aside)
  log.warn(`a database of a deleted DATA_DIR was left here: it is now ${aside}`)
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  )
}

/** What the file system refuses, in one line. */
function explainFiles(error: unknown, data_dir: string): unknown {
  if (!(error instanceof Error) || error instanceof StartRefused || !('code' in error)) return error
  const where = 'path' in error ? String(error.path) : data_dir
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartRefused(`no permission to write ${where}: set DATA_DIR to a folder of this user`, {
        cause: error,
      })
    case 'ENOSPC':
      return new StartRefused(`the disk of ${where} is full`, { cause: error })
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartRefused(`DATA_DIR ${data_dir} is not a folder`, { cause: error })
    default:
      return error
  }
}
