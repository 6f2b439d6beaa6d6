import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A running server: its main process, the port it listens on, and whether it takes connections yet (or still). */
export type Postmaster = { pid: number; port: number; ready: boolean }

/** What `postmaster.pid` says, true or not. Its lines are documented in PostgreSQL's `miscadmin.h`. */
export async function readPidFile(data: string): Promise<Postmaster | null> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' }
}

/** The server of that data directory, if it runs. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const noted = await readPidFile(data)
  return noted && (await isPostmasterOf(data, noted.pid)) ? noted : null
}

/**
 * After a crash, the number in the file may be anybody's by now, so the process itself is asked: a server's working
 * directory is its data directory. Where there is no /proc (macOS), its command line names it.
 */
export async function isPostmasterOf(data: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes(` ${data}`)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Fast shutdown: connections are closed, transactions rolled back, everything is written. Resolves when it is over;
 * false where it is not after a minute, and left to finish by itself.
 */
export async function shutDown(data: string): Promise<boolean> {
  const running = await findPostmaster(data)
  if (!running) return true
  process.kill(running.pid, 'SIGINT')
  for (let waited_ms = 0; waited_ms < 60_000; waited_ms += 20) {
    if ((await findPostmaster(data))?.pid !== running.pid) return true
    await pause(20)
  }
  return false
}

/** The server's whole environment: nothing of this process' own, where a PGDATA or a secret may be. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
