import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createLog } from '../../src/platform/log.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { createDatabase } from '../setup/database.ts'
import { ask } from './embedded-program.ts'

// Whoever migrates gives the role that runs the app what it needs, and no more.

let database: Awaited<ReturnType<typeof createDatabase>>
let runner: { name: string; url: string }
beforeEach(async () => {
  database = await createDatabase()
  const name = `runner_${randomUUID().replaceAll('-', '')}`
  await ask(database.url, `create role ${name} login password 'of the test'`)
  const url = new URL(database.url)
  url.username = name
  url.password = 'of the test'
  runner = { name, url: url.href }
})
afterEach(async () => {
  await ask(database.url, `drop owned by ${runner.name}; drop role ${runner.name}`)
  await database.drop()
})

const log = createLog('silent')
const grant = () => migrate(database.url, log, { runner: runner.name })

test('a role gets its rights where nothing else is to be migrated, also of replicas that start at once', async () => {
  await expect(ask(runner.url, 'select * from agent')).rejects.toThrow('permission denied')
  await Promise.all([grant(), grant(), grant()])
  expect(await ask(runner.url, 'select * from agent')).toEqual([])
  await ask(runner.url, `insert into job (kind, payload, due_at) values ('x', '{}', now())`)
  await ask(runner.url, 'delete from job')
  await expect(ask(runner.url, 'delete from event')).rejects.toThrow('permission denied')
  await expect(ask(runner.url, `insert into _prisma_migrations (id) values ('x')`)).rejects.toThrow(
    'permission denied',
  )
})

test('what somebody granted besides is taken back', async () => {
  await ask(database.url, `grant all on all tables in schema public to ${runner.name}`)
  await grant()
  for (const statement of ['delete from event', 'truncate checkpoint', 'delete from log_tile'])
    await expect(ask(runner.url, statement)).rejects.toThrow('permission denied')
})

test('a role without rights is told who gives them, and one that owns nothing that it cannot', async () => {
  await expect(migrate(runner.url, log)).rejects.toThrow(/start once with MIGRATION_DATABASE_URL/)
  await grant()
  await migrate(runner.url, log)
  await ask(database.url, `create role ${runner.name}_2`)
  await expect(migrate(runner.url, log, { runner: `${runner.name}_2` })).rejects.toThrow(
    /could not be given its rights: .*must own the tables/,
  )
  await ask(database.url, `drop role ${runner.name}_2`)
})
