import { execFile, spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartRefused } from '../../platform/start-refused.ts'

/** The numbers of the system user that the server runs as. */
export type Account = { uid: number; gid: number }

const run = promisify(execFile)

/**
 * PostgreSQL refuses to run as root. Null where this process is an ordinary user, which the server then runs as; else
 * the owner of the data at `data`, or `postgres` (made where there is none), or `nobody`.
 */
export async function serverAccount(data: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const owner = await stat(data).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = (await lookUp('postgres')) ?? (await createPostgres()) ?? (await lookUp('nobody'))
  if (account) return account
  throw new StartRefused(
    'PostgreSQL does not run as root, and no user could be made for it: start as an ordinary user',
  )
}

/** Whether that account may enter the directory, or run the file, at `place`: the system itself is asked. */
export function reaches(account: Account, place: string): boolean {
  const asked = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', place], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  })
  return asked.status === 0
}

async function lookUp(name: string): Promise<Account | null> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, , uid, gid] =
    users
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null
}

async function createPostgres(): Promise<Account | null> {
  const unprivileged = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
  await run('useradd', [...unprivileged, '--shell', '/bin/false', 'postgres']).catch(() =>
    // BusyBox has no useradd.
    run('adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'postgres']).catch(() => undefined),
  )
  return lookUp('postgres')
}
