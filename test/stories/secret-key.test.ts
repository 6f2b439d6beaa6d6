import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { layGround, type Ground } from '../../src/ground.ts'
import { readConfig, type Config } from '../../src/platform/config.ts'
import { createLog } from '../../src/platform/log.ts'
import { createDatabase } from '../setup/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')

let database: Awaited<ReturnType<typeof createDatabase>>
let folder: string
beforeEach(async () => {
  database = await createDatabase()
  folder = await mkdtemp(join(tmpdir(), 'countersign-key-'))
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const env = (byte: number) => ({
  PORT: '0',
  DATABASE_URL: database.url,
  DATA_DIR: folder,
  SECRET_KEY: key(byte),
  SLACK_BOT_TOKEN: 'xoxb-of-the-key',
  SLACK_SIGNING_SECRET: 'the signing secret of the key',
})

/** `null`: no SECRET_KEY, as with the embedded database, whose key is kept under DATA_DIR. */
async function lay(byte: number | null): Promise<Ground> {
  const read = readConfig(env(byte ?? 0))
  if ('faults' in read) throw new Error(read.faults.join())
  const config: Config = byte === null ? { ...read.config, secret_key: null } : read.config
  return layGround(config, createLog('silent'))
}

async function addAgent(ground: Ground, name: string): Promise<void> {
  const asked = { name, owner: 'U_DAVE', environment: 'production' }
  expect(await ground.admin.addAgent(asked, { type: 'operator' })).toMatchObject({ name })
}

/** Starts, adds an agent where one is named, and stops. */
async function started(byte: number | null, agent?: string): Promise<void> {
  const ground = await lay(byte)
  if (agent !== undefined) await addAgent(ground, agent)
  await ground.close()
}

const refused = async (byte: number | null, words: RegExp) =>
  expect(lay(byte)).rejects.toMatchObject({ name: 'StartRefused', faults: [expect.stringMatching(words)] })

async function inDatabase(text: string): Promise<void> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(text)
  await client.end()
}

async function program(file: string, byte: number, ...words: string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: root, env: { PATH: process.env.PATH, ...env(byte) } }
    execFile(process.execPath, [file, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

test('the server and the command line stop with one line that names SECRET_KEY', async () => {
  await started(1, 'sealed-bot')
  const line = /^countersign: SECRET_KEY is not the key that [^\n]*\n$/
  const server = await program('src/main.ts', 2)
  expect(server).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(line) })
  const tool = await program('src/countersign.ts', 2, 'agent', 'rotate', 'sealed-bot', '--json')
  expect(tool).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(tool.stdout)).toEqual({ error: expect.stringMatching(/^SECRET_KEY is not the key/) })
  expect(server.stderr + tool.stdout).not.toContain(key(2))
})

test('the first start chooses the key, before there is a single secret', async () => {
  await started(1)
  await refused(2, /^SECRET_KEY is not the key/)
  await started(1)
})

test('of two first starts at once with different keys, one goes on', async () => {
  const grounds = await Promise.allSettled([lay(1), lay(2)])
  expect(grounds.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  for (const ground of grounds) if (ground.status === 'fulfilled') await ground.value.close()
})

test('a database from before there was a check is judged by its secrets', async () => {
  await started(1, 'older-bot')
  await inDatabase('delete from key_check')
  await refused(2, /^SECRET_KEY is not the key/)
  await started(1)
  // It was kept now: without any secret, the key is still known.
  await inDatabase('delete from callback_secret')
  await refused(2, /^SECRET_KEY is not the key/)
})

test('a kept key that was exchanged or lost stops the start, and none is made in its place', async () => {
  await started(null, 'kept-bot')
  const file = join(folder, 'secret-key')
  await started(null)
  await writeFile(file, key(3))
  await refused(null, /^SECRET_KEY is unset, and .*secret-key does not hold the key/)
  await rm(file)
  await refused(null, /^SECRET_KEY is unset, and .*secret-key is gone/)
  expect(await readdir(folder)).toEqual([])
})

test('where the key is lost for good, the agents are rotated under a new one', async () => {
  await started(1, 'stranded-bot')
  await inDatabase('delete from callback_secret; delete from key_check')
  const ground = await lay(2)
  const rotated = await ground.admin.rotateAgent(
    { name: 'stranded-bot', overlap: null },
    { type: 'operator' },
  )
  expect(rotated).toMatchObject({ name: 'stranded-bot' })
  await ground.close()
  await refused(1, /^SECRET_KEY is not the key/)
})
