import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { buryJob, claimJobs, finishJob, retryJob, type HeldJob } from '../../src/store/jobs.ts'
import { openJobTable, type JobTable } from './table.ts'

let table: JobTable
beforeEach(async () => {
  table = await openJobTable()
})
afterEach(async () => {
  await table.close()
})

const one = 1
const another = 2
const ids = (jobs: HeldJob[]) => jobs.map((job) => job.id).sort((a, b) => Number(a) - Number(b))

test('what is due is claimed, the longest due first, and what is not due yet is told of', async () => {
  const later = await table.add({ in_ms: 5_000 })
  const second = await table.add({ in_ms: -1_000 })
  const first = await table.add({ in_ms: -2_000 })

  const by = {
    holder: one,
    now: table.clock.now(),
    lease_until: new Date(table.clock.now().getTime() + 60_000),
  }
  const some = await claimJobs(table.database, { ...by, room: [{ kind: 'work', free: 1 }] })
  expect(ids(some.jobs)).toEqual([first])
  const rest = await claimJobs(table.database, { ...by, room: [{ kind: 'work', free: 5 }] })
  expect(ids(rest.jobs)).toEqual([second])
  expect(rest.next_due).toEqual(new Date(table.clock.now().getTime() + 5_000))

  table.clock.move(5_000)
  expect(ids(await table.claim(one))).toEqual([later])
})

test('nobody claims more than they have room for, of each kind for itself, and nothing twice', async () => {
  for (let nth = 0; nth < 10; nth++) await table.add()
  const mail = await table.add({ kind: 'mail', in_ms: -1_000 })

  const claims = await Promise.all([one, another, 3].map((holder) => table.claim(holder, 3)))
  expect(claims.every((claimed) => claimed.length <= 3)).toBe(true)
  const all = claims.flat().map((job) => job.id)
  expect(new Set(all).size).toBe(all.length)
  expect(all).not.toContain(mail)
  expect(ids(await table.claim(4, 1, 'mail'))).toEqual([mail])
})

test('a job that somebody else has under its lock holds up no other', async () => {
  const locked = await table.add()
  const free = await table.add()
  const client = await table.database.pool.connect()
  await client.query('begin')
  await client.query('select from job where id = $1::bigint for update', [locked])
  try {
    expect(ids(await table.claim(one))).toEqual([free])
  } finally {
    await client.query('rollback')
    client.release()
  }
})

test('of a lane only the first can be claimed, also while it waits to be tried again', async () => {
  const [first, second] = [await table.add({ lane: 'a' }), await table.add({ lane: 'a' })]
  const beside = await table.add({ lane: 'b' })
  const [held, other] = await table.claim(one)
  expect([held?.id, other?.id]).toEqual([first, beside])
  expect(await table.claim(another)).toEqual([])

  const in_a_second = new Date(table.clock.now().getTime() + 1_000)
  await retryJob(table.database, held!, { due_at: in_a_second, failures: 1, because: 'not now' })
  expect(await table.claim(another)).toEqual([])
  table.clock.move(1_000)
  const [again] = await table.claim(another)
  expect(again?.id).toBe(first)
  await finishJob(table.database, again!)
  expect(ids(await table.claim(another))).toEqual([second])
})

test('a job that was given up no longer holds up its lane', async () => {
  const first = await table.add({ lane: 'a' })
  const second = await table.add({ lane: 'a' })
  const [held] = await table.claim(one)
  await buryJob(table.database, held!, table.clock.now(), 'hopeless')

  expect(ids(await table.claim(one))).toEqual([second])
  expect((await table.rows()).find((row) => row.id === first)).toMatchObject({
    last_error: 'hopeless',
    failures: 1,
  })
})

test('a holder whose lease ended can neither finish the job, nor give it back, nor give it up', async () => {
  await table.add()
  const [lost] = await table.claim(one)
  table.clock.move(60_000)
  const [held] = await table.claim(another)
  expect(held?.id).toBe(lost?.id)

  await finishJob(table.database, lost!)
  await retryJob(table.database, lost!, { due_at: new Date(0), failures: 7, because: 'too late' })
  await buryJob(table.database, lost!, table.clock.now(), 'too late')
  expect(await table.rows()).toMatchObject([
    { holder: another, last_error: null, dead_at: null, failures: 0 },
  ])

  await finishJob(table.database, held!)
  expect(await table.rows()).toEqual([])
})

test('what is finished at the same time is finished together, and only what is still held', async () => {
  for (let nth = 0; nth < 5; nth++) await table.add()
  const jobs = await table.claim(one)
  table.clock.move(60_000)
  const [taken] = await table.claim(another, 1)

  await Promise.all(jobs.map((job) => finishJob(table.database, job)))
  expect((await table.rows()).map((row) => row.id)).toEqual([taken?.id])
})

test('what a holder still runs itself it does not claim again, however long it takes', async () => {
  await table.add()
  expect(await table.claim(one)).toHaveLength(1)
  table.clock.move(600_000)
  expect(await table.claim(one)).toEqual([])
  expect(await table.claim(another)).toHaveLength(1)
})
