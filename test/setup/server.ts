import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { startEmbedded } from '../../src/store/embedded/start.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { withDatabase } from '../../src/store/url.ts'

// The database server of one Jest run, in a process of its own that outlives a killed Jest for as long as it takes to
// clean up: its standard input ends with the process that started it. PostgreSQL itself starts when the first test
// asks, so that a run without a database does not pay for one. TEST_DATABASE_URL names another server to use.

const log = { info: () => undefined, warn: (line: unknown) => process.stderr.write(`${String(line)}\n`) }

/**
 * A migrated database that tests may connect to, and the name of its copy, which others are copied from: while somebody is
 * connected to it, PostgreSQL copies no database. `runner_url` is of a role with the rights that the app is to have, and no
 * others.
 */
type Template = { url: string; runner_url: string; copy: string; remove(): Promise<void> }
let template: Promise<Template> | undefined

const door = createServer((_request, response) => {
  // A connection that is kept would be closed by this end just when the next test file asks on it.
  response.setHeader('connection', 'close')
  template ??= process.env.TEST_DATABASE_URL ? onServer(process.env.TEST_DATABASE_URL) : onEmbedded()
  template.then(
    ({ url, runner_url, copy }) => response.end(JSON.stringify({ url, runner_url, copy })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  )
})
door.listen(0, '127.0.0.1', () => {
  const address = door.address()
  if (address && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})

process.stdin.resume().once('close', () => void cleanUp())

async function cleanUp(): Promise<void> {
  door.close()
  door.closeAllConnections()
  await template?.then((made) => made.remove()).catch(log.warn)
}

async function onEmbedded(): Promise<Template> {
  const data_dir = await mkdtemp(path.join(tmpdir(), 'countersign-test-'))
  // As root, the server runs as another user, who must get in.
  await chmod(data_dir, 0o711)
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }
  const server = await startEmbedded({ data_dir, log, settings })
  const remove = async () => {
    await server.stop()
    await rm(data_dir, { recursive: true, force: true })
  }
  try {
    await migrate(server.url, log, { runner: new URL(server.runner_url).username })
    const copy = await copyOf(server.url)
    return { url: server.url, runner_url: server.runner_url, copy, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Copies a database that nobody is connected to, and returns the copy's name. */
async function copyOf(url: string): Promise<string> {
  const name = new URL(url).pathname.slice(1)
  const client = new Client({ connectionString: withDatabase(url, 'postgres') })
  await client.connect()
  try {
    await client.query(`create database ${name}_copy template ${name}`)
  } finally {
    await client.end()
  }
  return `${name}_copy`
}

async function onServer(admin_url: string): Promise<Template> {
  const name = `countersign_test_${randomUUID().replaceAll('-', '')}`
  const client = new Client({ connectionString: admin_url })
  await client.connect()
  await client.query(`create database ${name}`)
  const runner = new URL(withDatabase(admin_url, name))
  runner.username = `${name}_app`
  runner.password = randomUUID()
  await client.query(`create role ${runner.username} login password '${runner.password}'`)
  await migrate(withDatabase(admin_url, name), log, { runner: runner.username })
  const copy = await copyOf(withDatabase(admin_url, name))
  return {
    url: withDatabase(admin_url, name),
    runner_url: runner.href,
    copy,
    async remove() {
      await client.query(`drop database ${copy} with (force)`)
      await client.query(`drop database ${name} with (force)`)
      await client.query(`drop role ${runner.username}`)
      await client.end()
    },
  }
}
