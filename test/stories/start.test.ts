import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPostmaster } from '../../src/store/embedded/postmaster.ts'
import { freePort } from '../../src/store/embedded/launch.ts'

// Programs as an operator starts them, each with a DATA_DIR of its own and no other configuration.

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-start-'))
  // As root, the embedded server runs as another user, who must get in.
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Ended = { code: number | string | null; stdout: string; stderr: string }

/** Runs a program until it ends by itself. */
async function ended(args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { PATH: process.env.PATH, ...env } }
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    )
  })
}

const databaseOf = (data_dir: string) => findPostmaster(join(data_dir, 'postgres/data'))

describe('an address that cannot be had is refused in one line', () => {
  test('a port that another program listens on', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    expect(await ended(['src/main.ts'], { PORT: port, DATA_DIR: join(folder, 'unused') })).toEqual({
      code: 1,
      stdout: '',
      stderr: `countersign: PORT ${port} is in use on 127.0.0.1\n`,
    })
    other.close()
  })

  test('an address of another machine', async () => {
    const env = { HOST: '192.0.2.1', SANDBOX: '1', PORT: '0', DATA_DIR: join(folder, 'unused') }
    expect(await ended(['src/main.ts'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'countersign: HOST 192.0.2.1 is not an address of this machine\n',
    })
  })
})

test('a command that cannot start ends, and leaves no database server behind', async () => {
  const DATA_DIR = join(folder, 'bad-key')
  await mkdir(DATA_DIR)
  await writeFile(join(DATA_DIR, 'secret-key'), 'not a key')

  const { code, stderr } = await ended(['src/countersign.ts', 'agent', 'list'], { DATA_DIR })

  expect(code).toBe(1)
  expect(stderr).toContain('does not hold a key of 32 bytes')
  expect(await databaseOf(DATA_DIR)).toBeNull()
})

test('an empty variable counts as unset', async () => {
  const names = ['HOST', 'PORT', 'DATABASE_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN']
  const more = [
    'SLACK_API_URL',
    'POLICY_FILE',
    'SECRET_KEY',
    'CALLBACK_ALLOWED_HOSTS',
    'PUBLIC_URL',
    'LOG_LEVEL',
  ]
  const empty = Object.fromEntries([...names, ...more].map((name) => [name, '']))

  const { code, stdout } = await ended(['src/countersign.ts', 'agent', 'list'], {
    ...empty,
    DATA_DIR: join(folder, 'empty'),
  })

  expect([code, stdout]).toEqual([0, 'There are no agents yet.\n'])
})

test('a SIGTERM during the start ends it in order', async () => {
  const DATA_DIR = join(folder, 'interrupted')
  const PORT = String(await freePort())
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT, DATA_DIR },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()))
  const exited = once(child, 'exit')
  // It answers before it has a database, whose making takes a second at the least.
  const starting = async () => fetch(`http://127.0.0.1:${PORT}/readyz`).then((answer) => answer.json())
  let state: unknown = null
  while (state === null) state = await starting().catch(() => null)
  expect(state).toEqual({ status: 'starting' })
  child.kill('SIGTERM')

  expect(await exited).toEqual([0, null])
  expect(printed).toBe('')
  expect(await databaseOf(DATA_DIR)).toBeNull()
})
