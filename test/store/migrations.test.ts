import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { diffMigration, schemaDrift } from '../../src/store/migrate/diff.ts'
import { prismaFolder } from '../../src/store/migrate/folder.ts'
import { migrate } from '../../src/store/migrate/migrate.ts'
import { createDatabase, testServer } from '../setup/database.ts'
import { ask } from './embedded-program.ts'

let server: string
beforeAll(async () => {
  server = await testServer()
})

test('the migrations make what schema.prisma says', async () => {
  // Where this fails: npm run migration -- NAME
  expect(await schemaDrift(server)).toBe('')
})

describe('migrating', () => {
  let folder: string
  let url: string
  let drop: () => Promise<void>
  let logged: string[]
  const log = { info: (line: unknown) => void logged.push(String(line)) }
  const names = async () =>
    (
      await ask<{ name: string }>(url, 'select migration_name as name from _prisma_migrations order by name')
    ).map(({ name }) => name)

  beforeEach(async () => {
    logged = []
    folder = await mkdtemp(path.join(tmpdir(), 'countersign-migrations-'))
    await cp(prismaFolder, folder, { recursive: true })
    const database = await createDatabase()
    url = database.url
    drop = () => database.drop()
  })

  afterEach(async () => {
    await drop()
    await rm(folder, { recursive: true })
  })

  async function add(name: string, sql: string): Promise<string> {
    const file = path.join(folder, 'migrations', name, 'migration.sql')
    await mkdir(path.dirname(file))
    await writeFile(file, sql)
    return file
  }

  test('does nothing where nothing is missing', async () => {
    await migrate(url, log, { folder })
    expect(logged).toEqual([])
  })

  test('applies what SQL can say and schema.prisma cannot, which is no drift', async () => {
    await add(
      '30000101000000_by_hand',
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'only; ever; added'; end $$;
       create trigger event_grows before update or delete on event for each row execute function refuse();
       alter table job add constraint job_tried check (attempts >= 0);
       create index job_by_kind on job (lower(kind));
       create index job_dead on job (id) where dead_at is not null;
       do $$ begin create role countersign_reader; exception when duplicate_object or unique_violation then null; end $$;`,
    )
    await migrate(url, log, { folder })
    await ask(
      url,
      `insert into event (seq, type, at, body, hash) values (1, 'policy.imported', '2026-11-22', '{}', sha256('{}'))`,
    )
    await expect(ask(url, 'delete from event')).rejects.toThrow('only; ever; added')
    expect(await schemaDrift(server, { folder })).toBe('')
    await ask(url, 'drop role countersign_reader')
  })

  test('is done once by replicas that start together', async () => {
    await add('30000101000000_slow', 'select pg_sleep(0.2); create table made_once (id int);')
    await Promise.all([1, 2, 3, 4].map(() => migrate(url, log, { folder })))
    expect(logged.filter((line) => line.startsWith('migrated'))).toEqual([
      'migrated the database: 30000101000000_slow',
    ])
  })

  test('leaves the database as it was when one of several fails, and goes on once that is mended', async () => {
    const before = await names()
    await add('30000101000000_good', 'create table good (id int);')
    const bad = await add('30000101000001_bad', 'create table half (id int); select 1 / 0;')
    await expect(migrate(url, log, { folder })).rejects.toThrow(
      /^30000101000001_bad could not be applied, and the database is as it was: .*division by zero$/,
    )
    expect(await names()).toEqual(before)
    expect(await ask(url, `select to_regclass('good') as good, to_regclass('half') as half`)).toEqual([
      { good: null, half: null },
    ])

    await writeFile(bad, 'create table whole (id int);')
    await migrate(url, log, { folder })
    expect(await names()).toEqual([...before, '30000101000000_good', '30000101000001_bad'])
  })

  test('refuses a database that a newer version migrated', async () => {
    const newer = await add('30000101000000_newer', 'create table newer (id int);')
    await migrate(url, log, { folder })
    await rm(path.dirname(newer), { recursive: true })
    await expect(migrate(url, log, { folder })).rejects.toThrow(
      'the database was migrated by a newer version (it has 30000101000000_newer): start that version, or restore a backup',
    )
  })

  test('refuses a migration that was changed after it ran', async () => {
    const file = await add('30000101000000_changed', 'create table changed (id int);')
    await migrate(url, log, { folder })
    await writeFile(file, 'create table changed (id bigint);')
    await expect(migrate(url, log, { folder })).rejects.toThrow(
      'migration 30000101000000_changed is not the one that ran',
    )
  })

  test('names what is wrong with the address', async () => {
    const absent = new URL(url)
    absent.pathname = '/absent'
    await expect(migrate(absent.href, log)).rejects.toThrow(
      /^the database at 127.0.0.1:\d+\/absent does not let us in: /,
    )
    await expect(migrate(`${url}?schema=mine`, log)).rejects.toThrow('DATABASE_URL names the schema "mine"')
  })

  describe('a new migration', () => {
    const now = new Date('2031-02-03T04:05:06.789Z')

    test('is written from a change of the schema, and then there is no difference', async () => {
      const schema = path.join(folder, 'schema.prisma')
      await writeFile(
        schema,
        `${await readFile(schema, 'utf8')}\nmodel Pet {\n  id Int @id\n  @@map("pet")\n}\n`,
      )
      expect(await schemaDrift(server, { folder })).toContain('CREATE TABLE "pet"')

      const file = await diffMigration(server, 'add_pet', now, { folder })
      expect(file).toBe(path.join(folder, 'migrations/20310203040506_add_pet/migration.sql'))
      expect(await schemaDrift(server, { folder })).toBe('')
      await migrate(url, log, { folder })
      expect(await ask(url, 'select * from pet')).toEqual([])
    })

    test('is not written where there is no difference, unless it is to be filled by hand', async () => {
      expect(await diffMigration(server, 'nothing', now, { folder })).toBeNull()
      const file = await diffMigration(server, 'by_hand', now, { folder, empty: true })
      expect(await readFile(file ?? '', 'utf8')).toBe('')
      await expect(diffMigration(server, '../oops', now, { folder })).rejects.toThrow('"../oops" is no name')
    })
  })
})

afterAll(async () => {
  const left = await ask(
    server.replace(/[^/]*$/, 'postgres'),
    `select datname from pg_database where datname ~ '^countersign_scratch'`,
  )
  expect(left).toEqual([])
})
