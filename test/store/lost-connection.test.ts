import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { createLog } from '../../src/platform/log.ts'
import { openDatabase, reach, transaction, write, type Database } from '../../src/store/database.ts'
import { openCable, type Cable } from '../setup/cable.ts'
import { createDatabase } from '../setup/database.ts'

// What a caller may believe when the connection is lost depends on the moment: the answer to a commit may be what was lost.

let made: Awaited<ReturnType<typeof createDatabase>>
let cable: Cable
let database: Database
beforeEach(async () => {
  made = await createDatabase()
  cable = await openCable(made.url)
  database = openDatabase(cable.url, createLog('silent'))
})
afterEach(async () => {
  await database.close()
  await cable.close()
  await made.drop()
})

const note = { text: 'insert into seen_signature (signature, seen_at) values ($1, now())', values: ['s'] }

/** How many rows the database has, asked on another connection. */
async function noted(): Promise<number> {
  const client = new Client({ connectionString: made.url })
  await client.connect()
  const { rowCount } = await client.query('select from seen_signature')
  await client.end()
  return rowCount ?? 0
}

const unavailable = (may_have_happened: boolean) => ({ name: 'Unavailable', may_have_happened })

describe('a transaction whose connection is lost', () => {
  const noteInTransaction = () => transaction(database, (client) => client.query(note))

  test('before its commit has not happened', async () => {
    cable.cutAfter('seen_signature')
    await expect(noteInTransaction()).rejects.toMatchObject(unavailable(false))
    expect(await noted()).toBe(0)
  })

  test('at its commit may have happened', async () => {
    cable.cutAfter('commit')
    await expect(noteInTransaction()).rejects.toMatchObject(unavailable(true))
    expect(await noted()).toBe(1)
  })

  test('while it waits for something else, does not end the process', async () => {
    const cut = transaction(database, async (client) => {
      await client.query(note)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const gone = new Promise((resolve) => client.once('end', resolve))
      await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      await gone
      await client.query(note)
    })
    await expect(cut).rejects.toMatchObject(unavailable(false))
    expect(await noted()).toBe(0)
  })

  test('leaves the pool without it: the next one is whole', async () => {
    cable.cutAfter('commit')
    await noteInTransaction().catch(() => undefined)
    await transaction(database, (client) => client.query('delete from seen_signature'))
    expect(await noted()).toBe(0)
  })
})

describe('a server that is gone without a word', () => {
  beforeEach(async () => {
    await database.close()
    database = openDatabase(cable.url, createLog('silent'), { answer_ms: 200 })
    await database.pool.query('select 1')
  })

  test.each([
    ['what reads', () => reach(() => database.pool.query(`select 'deaf'`)), unavailable(false)],
    ['what Prisma reads', () => reach(() => database.prisma.$queryRaw`select 'deaf'`), unavailable(false)],
    ['a statement that writes', () => write(database, { text: `select 'deaf'` }), unavailable(true)],
    [
      'a transaction',
      () => transaction(database, (client) => client.query(`select 'deaf'`)),
      unavailable(false),
    ],
  ])('%s ends, and its connection is not used again', async (_, work, error) => {
    cable.deafenAfter(`'deaf'`)
    await expect(work()).rejects.toMatchObject(error)
    await write(database, note)
    expect(await noted()).toBe(1)
  })
})

describe('a single statement', () => {
  test('whose answer is lost may have happened', async () => {
    cable.cutAfter('seen_signature')
    await expect(write(database, note)).rejects.toMatchObject(unavailable(true))
    expect(await noted()).toBe(1)
  })

  test('that was never sent has not happened', async () => {
    await cable.close()
    await expect(write(database, note)).rejects.toMatchObject(unavailable(false))
    cable = await openCable(made.url)
  })

  test('that is wrong is no matter of the connection', async () => {
    await write(database, note)
    await expect(write(database, note)).rejects.toMatchObject({ code: '23505' })
  })
})
