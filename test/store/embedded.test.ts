import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findPostmaster, readPidFile } from '../../src/store/embedded/postmaster.ts'
import { ask, type Program, startProgram } from './embedded-program.ts'

let folder: string
let data_dir: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-embedded-'))
  await chmod(folder, 0o711)
  data_dir = path.join(folder, 'data-dir')
  data = path.join(data_dir, 'postgres/data')
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const serverPid = async () => (await findPostmaster(data))?.pid ?? null

describe('an embedded server', () => {
  test('is made at the first start, closed to others, and stopped by the last to leave', async () => {
    const program = await startProgram(data_dir)
    const settings = ['listen_addresses', 'unix_socket_directories', 'data_checksums', 'full_page_writes']
    const list = settings.map((name) => `current_setting('${name}') as ${name}`).join(', ')
    expect(await ask(program.url, `select ${list}, getdatabaseencoding() as encoding`)).toEqual([
      {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        data_checksums: 'on',
        full_page_writes: 'on',
        encoding: 'UTF8',
      },
    ])
    await ask(program.url, 'create table kept as select 42 as answer')

    const password = await stat(path.join(data_dir, 'postgres/password'))
    expect(password.mode & 0o777).toBe(0o600)
    const guess = new URL(program.url)
    guess.password = 'guessed'
    await expect(ask(guess.href, 'select 1')).rejects.toThrow('password authentication failed')

    await program.end()
    expect(await serverPid()).toBeNull()
  })

  test('has a user to run as, who owns nothing; where there is none, as in data of before, it is made', async () => {
    const before = await startProgram(data_dir)
    await ask(before.url, 'drop role countersign_app')
    await before.end()
    const program = await startProgram(data_dir)
    expect(await ask(program.runner_url, 'select current_user::text as who')).toEqual([
      { who: 'countersign_app' },
    ])
    await expect(ask(program.runner_url, 'select * from kept')).rejects.toThrow('permission denied')
    await expect(ask(program.runner_url, 'create table mine (id int)')).rejects.toThrow('permission denied')
    await program.end()
  })

  test('outlives a killed program, and the next one joins it', async () => {
    const killed = await startProgram(data_dir)
    const before = await serverPid()
    await killed.kill()
    expect(await serverPid()).toBe(before)

    const next = await startProgram(data_dir)
    expect(next.url).toBe(killed.url)
    expect(await serverPid()).toBe(before)
    expect(await ask(next.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await next.end()
    expect(await serverPid()).toBeNull()
  })

  test('is one server for programs that start at the same moment, until the last has left', async () => {
    const programs = await Promise.all([1, 2, 3].map(() => startProgram(data_dir)))
    expect(new Set(programs.map(({ url }) => url)).size).toBe(1)
    const [first, ...others] = programs
    const pid = await serverPid()
    await first?.end()
    expect(await serverPid()).toBe(pid)
    await Promise.all(others.map((other) => other.end()))
    expect(await serverPid()).toBeNull()
  })

  test('does not hear a Ctrl-C that the program hears', async () => {
    const program = await startProgram(data_dir)
    process.kill(-(program.process.pid ?? 0), 'SIGINT')
    await program.hears('interrupted')
    expect(await ask(program.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await program.end()
  })

  test('comes back at the same address when it is killed, with all that was committed', async () => {
    const program = await startProgram(data_dir)
    await ask(program.url, 'insert into kept values (43)')
    const killed = await serverPid()
    process.kill(killed ?? 0, 'SIGKILL')
    await eventually(() => program.logged.includes('the embedded database is back'))
    expect(await serverPid()).not.toBe(killed)
    expect(await ask(program.url, 'select count(*)::int from kept')).toEqual([{ count: 2 }])
    await program.end()
    expect(await serverPid()).toBeNull()
  })

  test('starts where a crash left the number of a process that is somebody else’s now', async () => {
    const owner = await stat(data)
    const stranger = spawn('sleep', ['60'], { uid: owner.uid, gid: owner.gid, stdio: 'ignore', cwd: '/' })
    await writeFile(
      path.join(data, 'postmaster.pid'),
      `${stranger.pid}\n${data}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`,
    )
    const program = await startProgram(data_dir)
    expect(await serverPid()).not.toBe(stranger.pid)
    await program.end()
    stranger.kill()
  })

  test('starts where a power cut left the lock without a number', async () => {
    await writeFile(path.join(data, 'postmaster.pid'), '')
    const program = await startProgram(data_dir)
    expect(await ask(program.url, 'select answer from kept limit 1')).toEqual([{ answer: 42 }])
    await program.end()
  })

  test('moves to another port when its own is taken', async () => {
    const port = Number(await readFile(path.join(data_dir, 'postgres/port'), 'utf8'))
    const other = createServer().listen(port, '127.0.0.1')
    const program = await startProgram(data_dir)
    expect(Number(new URL(program.url).port)).not.toBe(port)
    await program.end()
    other.close()
  })
})

describe('a data directory that cannot be used is refused in one line', () => {
  test('made by another PostgreSQL', async () => {
    const older = path.join(folder, 'older')
    await mkdir(path.join(older, 'postgres/data'), { recursive: true })
    await writeFile(path.join(older, 'postgres/data/PG_VERSION'), '13\n')
    await expect(startProgram(older)).rejects.toThrow(
      /^StartRefused: .* was made by PostgreSQL 13 and this is 18: /,
    )
  })

  test('not a folder', async () => {
    const file = path.join(folder, 'file')
    await writeFile(file, '')
    await expect(startProgram(file)).rejects.toThrow(`StartRefused: DATA_DIR ${file} is not a folder`)
  })
})

const asRoot = process.getuid?.() === 0 ? describe : describe.skip
asRoot('below a folder that only root can enter', () => {
  let closed: string
  let room: string

  async function startBelow(): Promise<Program> {
    const program = await startProgram(closed)
    const note = await readFile(path.join(closed, 'postgres/WHERE.txt'), 'utf8')
    room = note.split('\n')[1] ?? ''
    return program
  }

  beforeAll(async () => {
    await mkdir(path.join(folder, 'closed'), { mode: 0o700 })
    closed = path.join(folder, 'closed/data-dir')
  })

  afterAll(async () => {
    if (room) await rm(room, { recursive: true, force: true })
  })

  test('the data is kept outside, and found again', async () => {
    const program = await startBelow()
    expect(room).toMatch(/^\/var\/lib\/countersign\/[0-9a-f]{16}$/)
    expect(program.logged).toHaveLength(1)
    await ask(program.url, 'create table kept as select 42 as answer')
    await program.kill()

    const next = await startBelow()
    expect(await ask(next.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await next.end()
  })

  test('a DATA_DIR that was deleted begins empty', async () => {
    const left = await startBelow()
    await left.kill()
    await rm(closed, { recursive: true })

    const program = await startBelow()
    expect(await ask(program.url, `select to_regclass('kept') as kept`)).toEqual([{ kept: null }])
    expect(await readPidFile(path.join(room, 'data'))).not.toBeNull()
    await program.end()
  })
})

/** Waits for something that another process does, as long as the test may take. */
async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
