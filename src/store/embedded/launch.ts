import { spawn } from 'node:child_process'
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StartRefused } from '../../platform/start-refused.ts'
import { faultIn } from './faults.ts'
import type { Place } from './place.ts'
import { isAlive, isPostmasterOf, readPidFile, serverEnvironment } from './postmaster.ts'

/** PostgreSQL's settings by their names, as its command line takes them. */
export type Settings = Readonly<Record<string, string>>

const ourSettings: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  password_encryption: 'scram-sha-256',
  // An acknowledged commit survives a power cut: the defaults, said here because everything rests on them.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  cluster_name: 'countersign',
  // The server tells about itself only. A failed statement is reported by who sent it, and may hold what is secret.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
}

/** Beyond this size the server's log begins anew at the next start; the one before is kept. */
const longestLogBytes = 5_000_000

/** What became of a start. */
export type Launched = 'running' | 'taken' | 'port in use' | 'still in use' | 'lock is empty'

/**
 * Starts the server in a session of its own, where a Ctrl-C meant for this process does not reach it. Resolves to
 * `running` when it takes connections, or to why it ended before: `taken` where another process started it first,
 * `port in use`, `still in use` where parts of a killed server are not gone yet, or
 * `lock is empty` where another one is about to write its number, or a power cut left its file without. Throws `StartRefused` for what
 * waiting does not mend.
 */
export async function launch(place: Place, port: number, settings: Settings): Promise<Launched> {
  const log_file = path.join(place.home, 'server.log')
  if ((await size(log_file)) > longestLogBytes) await rename(log_file, `${log_file}.1`)
  const log = await open(log_file, 'a')
  const begins_at = await size(log_file)
  const all = { ...ourSettings, ...settings, port: String(port) }
  const noted = await readPidFile(place.data)
  if (noted && (await isPostmasterOf(place.data, noted.pid))) return 'taken'
  const server = spawn(
    path.join(place.native, 'bin/postgres'),
    ['-D', place.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...place.account,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...serverEnvironment(), ...(noted && isAlive(noted.pid) && strangersPid(noted.pid)) },
    },
  )
  server.unref()
  let ended = false
  server.once('exit', () => (ended = true))
  let failed: Error | undefined
  server.once('error', (error) => (failed = error))
  try {
    // However long it takes: after a crash, the server first goes through what it had written ahead.
    for (;;) {
      if (failed) throw new StartRefused(`PostgreSQL cannot be run: ${failed.message}`, { cause: failed })
      if (ended) return await explain(await textFrom(log_file, begins_at), place)
      const noted = await readPidFile(place.data)
      if (noted?.pid === server.pid && noted?.ready) return 'running'
      await pause(10)
    }
  } finally {
    await log.close()
  }
}

/**
 * A number left by a crash may belong to an unrelated process by now, and PostgreSQL would refuse to start beside it.
 * This is PostgreSQL's own variable for naming a process that is no server; unlike deleting the file, it leaves the
 * search for remains of the old server in shared memory as it is.
 */
function strangersPid(pid: number): Record<string, string> {
  return { PG_GRANDPARENT_PID: String(pid) }
}

/** The port of last time, so that bookmarks and open connections stay good; else a free one. */
export async function lastPort(home: string): Promise<number | null> {
  const port = Number(await readFile(path.join(home, 'port'), 'utf8').catch(() => ''))
  return port > 0 ? port : null
}

export async function keepPort(home: string, port: number): Promise<void> {
  if ((await lastPort(home)) !== port) await writeFile(path.join(home, 'port'), `${port}\n`)
}

export async function freePort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve, reject) => {
    listener.once('error', (error) =>
      reject(new StartRefused(`no port can be opened on 127.0.0.1: ${error.message}`, { cause: error })),
    )
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port')
  return address.port
}

async function explain(output: string, place: Place): Promise<Launched> {
  if (output.includes('lock file "postmaster.pid" already exists')) return 'taken'
  if (output.includes('lock file "postmaster.pid" is empty')) return 'lock is empty'
  if (output.includes('Address already in use')) return 'port in use'
  if (output.includes('pre-existing shared memory block')) return 'still in use'
  const fault = await faultIn(output, place.data)
  throw new StartRefused(`the embedded PostgreSQL did not start: ${fault} (more in ${place.home}/server.log)`)
}

async function size(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}

async function textFrom(file: string, offset: number): Promise<string> {
  return (await readFile(file)).subarray(offset).toString('utf8')
}
