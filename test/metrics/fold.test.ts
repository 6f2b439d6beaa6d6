import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { foldPass } from '../../src/metrics/fold.ts'
import { createFolding } from '../../src/metrics/folding.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { createDatabase } from '../setup/database.ts'
import { liveThrough } from './oversight.ts'

// Whoever folds at the same time and whatever is killed: each event counts once, and a rebuild comes to the same.

const clock = systemClock()
let made: Awaited<ReturnType<typeof createDatabase>>
let database: Database
beforeEach(async () => {
  made = await createDatabase()
  database = openDatabase(made.url, createLog('silent'))
})
afterEach(async () => {
  await database.close()
  await made.drop()
})

const folding = () => createFolding({ database, clock })

/** The figures that are kept, whatever the order in which they were added up. */
async function kept(): Promise<string[]> {
  const { rows } = await database.pool.query<{ row: string }>(
    `select concat_ws(' ', agent, dimension, span, at, key, counts::jsonb, sums::jsonb, buckets, held) as row
     from rollup where generation = (select generation from fold where serving)`,
  )
  return rows.map(({ row }) => row).sort()
}

/** Of all agents in all time. */
async function counted(measure: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: string | null }>(
    `select sum((counts->>$1)::int) as count from rollup where agent = '' and dimension = 'all' and span = 'hour'
       and generation = (select generation from fold where serving)`,
    [measure],
  )
  return Number(rows[0]?.count ?? 0)
}

async function events(type: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'select count(*)::int as count from event where type = $1',
    [type],
  )
  return rows[0]!.count
}

/** Until everything is counted, however long other tests on this server keep transactions open. */
async function catchUp() {
  while (!(await foldPass({ database, clock })).caught_up) await pause(10)
}

async function expectCountedOnce() {
  await catchUp()
  expect(await counted('requested')).toBe(await events('approval.requested'))
  expect(await counted('votes')).toBe(await events('vote.cast'))
  expect(await counted('callback.tried')).toBe(await events('callback.tried'))
  const folded = await kept()
  expect(folded.length).toBeGreaterThan(100)
  await folding().rebuild()
  expect(await kept()).toEqual(folded)
}

test('while several write, several fold', async () => {
  const replicas = [1, 2, 3].map(() => openDatabase(made.url, createLog('silent')))
  let writing = true
  const folders = replicas.map(async (replica) => {
    while (writing) await foldPass({ database: replica, clock })
  })
  await Promise.all([11, 12, 13, 14].map((seed) => liveThrough(database, { seed, requests: 40, days: 2 })))
  writing = false
  await Promise.all(folders)
  for (const replica of replicas) await replica.close()
  await expectCountedOnce()
})

test('while it is killed in the middle again and again', async () => {
  let writing = true
  const killing = (async () => {
    for (let nth = 0; writing || nth < 4; nth++) {
      const child = fork(new URL('fold-program.ts', import.meta.url), [made.url], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      await once(child, 'message')
      await pause(20 + nth * 17)
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })()
  await Promise.all([21, 22].map((seed) => liveThrough(database, { seed, requests: 60, days: 2 })))
  writing = false
  await killing
  await expectCountedOnce()
})

test('an id that is given out early and committed late is not lost', async () => {
  await liveThrough(database, { seed: 31, requests: 5, days: 1 })
  await catchUp()
  const before = await counted('repaired')
  const late = await database.pool.connect()
  try {
    // As a slow transaction would: its event has an id, and others come and are folded before it is there.
    await late.query('begin')
    await late.query('set local idle_in_transaction_session_timeout = 0')
    const { rows } = await late.query<{ id: string }>('select id from approval limit 1 for update')
    await late.query(
      `insert into event (approval_id, seq, type, at, body, hash)
       values ($1, 999, 'auditor.repaired', now(), '{"actor": {"type": "countersign"}, "data": {}}', sha256(''))`,
      [rows[0]!.id],
    )
    await liveThrough(database, { seed: 32, requests: 5, days: 1 })
    for (let nth = 0; nth < 5; nth++) await foldPass({ database, clock })
    await late.query('commit')
  } finally {
    late.release()
  }
  await catchUp()
  expect(await counted('repaired')).toBe(before + 1)
})

test('a rebuild that is begun while another is under way takes its place, and figures are read all the time', async () => {
  await liveThrough(database, { seed: 41, requests: 30, days: 2 })
  await catchUp()
  const before = await kept()
  const both = await Promise.all([folding().rebuild(), folding().rebuild()])
  expect(both.filter((count) => count !== null).length).toBeGreaterThanOrEqual(1)
  expect(await kept()).toEqual(before)
  const { rows } = await database.pool.query('select from fold')
  expect(rows).toHaveLength(1)
})
