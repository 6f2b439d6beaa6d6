import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { StartRefused } from '../../platform/start-refused.ts'
import { type Account, reaches, serverAccount } from './account.ts'
import { findPlatformPackage, type PlatformPackage } from './platform-package.ts'

/** Where everything is, in absolute paths, and who the server runs as (null: this process' own user). */
export type Place = {
  /** DATA_DIR/postgres: the password, the port and the server's log. */
  home: string
  /** Where the data directory is, or is going to be made. The same as `home`, unless the server cannot go there. */
  room: string
  data: string
  /** `postgres` and `initdb` are in its `bin`. */
  native: string
  major: string
  account: Account | null
}

/** The one folder outside DATA_DIR that is ever written, and only as root. */
const outside = '/var/lib/countersign'

/**
 * Finds the places, and makes the folders. As root, the server runs as another user, who often cannot go where the
 * clone is (below a closed /root, as in most containers): data and programs are then kept in /var/lib/countersign,
 * and a note in DATA_DIR/postgres says so.
 */
export async function findPlace(data_dir: string, log: Pick<Logger, 'info'>): Promise<Place> {
  const programs = await findPlatformPackage()
  await mkdir(path.join(data_dir, 'postgres'), { recursive: true })
  const home = await realpath(path.join(data_dir, 'postgres'))
  const room = (await notedRoom(home)) ?? home
  const account = await serverAccount(path.join(room, 'data'))
  if (!account)
    return {
      home,
      room,
      data: path.join(room, 'data'),
      native: programs.native,
      major: programs.major,
      account,
    }

  // The account must pass through; what is inside is closed to it file by file.
  await chmod(home, 0o711)
  const open = room === home && !reaches(account, home) ? await moveOut(home, log) : room
  const native = reaches(account, path.join(programs.native, 'bin/postgres'))
    ? programs.native
    : await copyPrograms(programs)
  return { home, room: open, data: path.join(open, 'data'), native, major: programs.major, account }
}

/** Written once the data is there, so that a note always means that there was some. */
export async function noteRoom({ home, room }: Place): Promise<void> {
  if (room === home) return
  const text = `The database is in\n${room}\nbecause the user that it runs as cannot enter this folder.\n`
  await writeFile(noteFile(home), text, { flush: true })
}

export function noteFile(home: string): string {
  return path.join(home, 'WHERE.txt')
}

async function notedRoom(home: string): Promise<string | null> {
  const note = await readFile(noteFile(home), 'utf8').catch(() => null)
  const room = note?.split('\n')[1]
  if (!room) return null
  if (await stat(path.join(room, 'data')).catch(() => null)) return room
  throw new StartRefused(
    `the database was in ${room} and is gone: restore it, or delete ${home} to begin with an empty one`,
  )
}

async function moveOut(home: string, log: Pick<Logger, 'info'>): Promise<string> {
  if (await stat(path.join(home, 'data')).catch(() => null)) {
    throw new StartRefused(
      `the owner of ${home}/data cannot enter it: open the folders above it to others (chmod o+x)`,
    )
  }
  const room = path.join(outside, createHash('sha256').update(home).digest('hex').slice(0, 16))
  await mkdir(room, { recursive: true })
  // Both are ours; the process' umask may have closed them.
  for (const folder of [outside, room]) await chmod(folder, 0o755)
  log.info(`the database is kept in ${room}: its user cannot enter ${home}`)
  return room
}

/** One copy for all clones on this machine. Renamed into place when complete, so that none is ever seen half made. */
async function copyPrograms({ name, native, version }: PlatformPackage): Promise<string> {
  const copy = path.join(outside, `postgresql-${version}-${name}`)
  if (await stat(copy).catch(() => null)) return copy
  const partial = `${copy}.${process.pid}`
  await mkdir(outside, { recursive: true })
  await chmod(outside, 0o755)
  await rm(partial, { recursive: true, force: true })
  await cp(native, partial, { recursive: true, verbatimSymlinks: true })
  // npm may have closed them to others, by this process' umask.
  await promisify(execFile)('chmod', ['-R', 'a+rX', partial])
  await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }))
  return copy
}
