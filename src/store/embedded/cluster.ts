import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chown, link, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { StartRefused } from '../../platform/start-refused.ts'
import { faultIn } from './faults.ts'
import { isAlive, serverEnvironment } from './postmaster.ts'
import type { Place } from './place.ts'

/** The user that owns the embedded server and its database of the same name, and migrates it. */
export const userName = 'countersign'

/** The user that the app runs as: it can do what the app must, and neither change nor delete audit events. */
export const runnerName = 'countersign_app'

/** Made from the owner's: one file holds both, and they are restored together. */
export function runnerPassword(password: string): string {
  return createHash('sha256').update(`${runnerName}\n${password}`).digest('base64url')
}

/** The server's password: 24 random bytes, made at the first start, readable by this process' user alone. */
export async function serverPassword(home: string): Promise<string> {
  const file = path.join(home, 'password')
  const there = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there !== null) return there.trim()
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true })
  // Linking fails where there is one: of two processes that start at once, both go on with the first one's.
  await link(draft, file).catch(() => undefined)
  await rm(draft)
  return serverPassword(home)
}

/**
 * Makes the data directory, unless there is one: UTF-8, C locale, checksums, passwords only. It is made aside and
 * renamed, so that it is there whole or not at all. Throws `StartRefused` where it belongs to another PostgreSQL.
 */
export async function ensureCluster(place: Place, password: string, durable: boolean): Promise<void> {
  const version = await readFile(path.join(place.data, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version === null) return initialise(place, password, durable)
  if (version.trim() === place.major) return
  throw new StartRefused(
    `${place.data} was made by PostgreSQL ${version.trim()} and this is ${place.major}: dump it with the version ` +
      `that made it, move the folder away, and load the dump`,
  )
}

const run = promisify(execFile)

async function initialise(
  { room, data, native, account }: Place,
  password: string,
  durable: boolean,
): Promise<void> {
  await clearAbandoned(room)
  const aside = await mkdtemp(path.join(room, `init-${process.pid}-`))
  try {
    await mkdir(path.join(aside, 'data'), { mode: 0o700 })
    await writeFile(path.join(aside, 'password'), `${password}\n`, { mode: 0o600 })
    if (account) {
      for (const name of ['password', 'data', '.'])
        await chown(path.join(aside, name), account.uid, account.gid)
    }
    await run(
      path.join(native, 'bin/initdb'),
      [
        `--pgdata=${path.join(aside, 'data')}`,
        `--pwfile=${path.join(aside, 'password')}`,
        `--username=${userName}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--data-checksums',
        '--no-instructions',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...account, cwd: '/', env: serverEnvironment() },
    ).catch(async (error: Error & { stderr?: string }) => {
      const fault = await faultIn(error.stderr ?? '', room)
      throw new StartRefused(`the database could not be made in ${room}: ${fault}`, { cause: error })
    })
    await rename(path.join(aside, 'data'), data).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else, starting at the same moment, was first: theirs has the same password.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
    if (durable) await syncFolder(room)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** What processes that were killed while making one left behind. */
async function clearAbandoned(room: string): Promise<void> {
  for (const name of await readdir(room)) {
    const pid = /^init-([0-9]+)-/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(path.join(room, name), { recursive: true, force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
