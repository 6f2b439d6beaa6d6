import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { JsonObject } from '../../src/approval/approval.ts'
import { openJobTable, type JobTable } from './table.ts'

let table: JobTable
beforeEach(async () => {
  table = await openJobTable()
})
afterEach(async () => {
  await table.close()
})

const idOf = ({ id }: JsonObject) => (typeof id === 'string' ? id : 'no id')

/** Something that happens when it is told to, and can be waited for. */
function moment(): { come: () => void; reached: Promise<void> } {
  let come = (): void => undefined
  const reached = new Promise<void>((resolve) => (come = resolve))
  return { come, reached }
}

/** Moves time on, no faster than the database answers, until something has come. */
async function moveUntil(reached: Promise<void>): Promise<void> {
  let over = false
  const ended = reached.then(() => (over = true))
  while (!over) {
    table.clock.move(10)
    await table.database.pool.query('select')
  }
  await ended
}

test('jobs run when they are due, and those written meanwhile when it is told that there is work', async () => {
  const ran: string[] = []
  const runner = await table.runner(async (payload) => void ran.push(idOf(payload)))
  const later = await table.add({ in_ms: 500 })
  const now = await table.add()
  runner.start()
  await runner.idle()
  expect(ran).toEqual([now])

  const written = await table.add()
  runner.work.raise()
  await runner.idle()
  expect(ran).toEqual([now, written])

  table.clock.move(499)
  await runner.idle()
  expect(ran).toHaveLength(2)
  table.clock.move(1)
  await runner.idle()
  expect(ran).toEqual([now, written, later])
  expect(await table.rows()).toEqual([])
})

test('two runners do the jobs of one lane one at a time and in order, and those of many side by side', async () => {
  const lanes = ['a', 'b', 'c']
  const ran = new Map<string, string[]>(lanes.map((lane) => [lane, []]))
  const written = new Map<string, string[]>(lanes.map((lane) => [lane, []]))
  const laneOf = new Map<string, string>()
  for (let nth = 0; nth < 6; nth++)
    for (const lane of lanes) {
      const id = await table.add({ lane })
      laneOf.set(id, lane)
      written.get(lane)?.push(id)
    }
  const under_way = new Map<string, number>()
  let most_in_a_lane = 0
  let most_at_all = 0
  const run = async (payload: JsonObject) => {
    const lane = laneOf.get(idOf(payload)) ?? ''
    under_way.set(lane, (under_way.get(lane) ?? 0) + 1)
    most_in_a_lane = Math.max(most_in_a_lane, ...under_way.values())
    most_at_all = Math.max(
      most_at_all,
      [...under_way.values()].reduce((sum, count) => sum + count),
    )
    await table.database.pool.query('select')
    ran.get(lane)?.push(idOf(payload))
    under_way.set(lane, (under_way.get(lane) ?? 0) - 1)
  }
  const runners = [await table.runner(run), await table.runner(run)]
  for (const runner of runners) runner.start()
  while ((await table.rows()).length > 0) await Promise.all(runners.map((runner) => runner.idle()))

  expect(ran).toEqual(written)
  expect(most_in_a_lane).toBe(1)
  expect(most_at_all).toBeGreaterThan(1)
})

test('no more of a kind run at once than it has places', async () => {
  let under_way = 0
  let most = 0
  const runner = await table.runner(
    async () => {
      most = Math.max(most, ++under_way)
      await table.database.pool.query('select')
      under_way--
    },
    { slots: 2 },
  )
  for (let nth = 0; nth < 7; nth++) await table.add()
  runner.start()
  await runner.idle()
  expect(most).toBe(2)
  expect(await table.rows()).toEqual([])
})

test('the jobs of a process that is gone are taken over, those of one that lives are not', async () => {
  const [gone, alive] = [1, 2]
  await table.living(alive)
  const orphan = await table.add()
  await table.claim(gone)
  const held = await table.add()
  await table.claim(alive)

  const ran: string[] = []
  const taken = moment()
  const runner = await table.runner(async (payload) => {
    ran.push(idOf(payload))
    taken.come()
  })
  runner.start()
  await moveUntil(taken.reached)
  await runner.idle()
  expect(ran).toEqual([orphan])
  expect(await table.rows()).toMatchObject([{ id: held, holder: alive }])
})

test('a job that this process claimed without hearing of it is found and run', async () => {
  const ran: string[] = []
  const runner = await table.runner(async (payload) => void ran.push(idOf(payload)))
  const lost = await table.add()
  await table.claim(runner.holder)

  runner.start()
  await runner.idle()
  expect(ran).toEqual([lost])
})

test('a job that is held beyond its lease is run by another, and its first holder’s end of it counts for nothing', async () => {
  const stuck = { began: moment(), goes_on: moment() }
  const first = await table.runner(async () => {
    stuck.began.come()
    await stuck.goes_on.reached
    return { again_at: new Date(0), because: 'it was mine once' }
  })
  const id = await table.add()
  first.start()
  await stuck.began.reached
  const stopped = first.stop()

  const ran = moment()
  const ends = moment()
  const second = await table.runner(async () => {
    ran.come()
    await ends.reached
  })
  second.start()
  await second.idle()
  expect(await table.rows()).toMatchObject([{ id, holder: first.holder }])

  table.clock.move(60_000)
  await ran.reached
  stuck.goes_on.come()
  await stopped
  expect(await table.rows()).toMatchObject([{ id, holder: second.holder, last_error: null }])
  ends.come()
  await second.idle()
  expect(await table.rows()).toEqual([])
})

test('what fails is tried again after a wait that grows, and what only waits does not count as failed', async () => {
  let answer: 'fail' | 'wait' | 'succeed' = 'fail'
  const runner = await table.runner(async () => {
    if (answer === 'fail') throw new Error('out of order')
    if (answer === 'succeed') return
    return { again_at: new Date(table.clock.now().getTime() + 1_000), because: 'busy' }
  })
  await table.add()
  runner.start()
  const next = async () => {
    await runner.idle()
    const [row] = await table.rows()
    const wait_ms = row ? row.due_at.getTime() - table.clock.now().getTime() : null
    if (wait_ms !== null) table.clock.move(wait_ms)
    return { failures: row?.failures, last_error: row?.last_error, wait_ms }
  }

  for (const [failures, expected_ms] of [
    [1, 1_000],
    [2, 2_000],
    [3, 5_000],
  ] as const) {
    const { wait_ms, ...row } = await next()
    expect(row).toEqual({ failures, last_error: 'out of order' })
    expect(wait_ms).toBeGreaterThanOrEqual(expected_ms * 0.8)
    expect(wait_ms).toBeLessThanOrEqual(expected_ms * 1.2)
    if (failures === 3) answer = 'wait'
  }
  expect(await next()).toEqual({ failures: 0, last_error: 'busy', wait_ms: 1_000 })
  answer = 'succeed'
  expect(await next()).toEqual({ failures: undefined, last_error: undefined, wait_ms: null })
})

test('what fails for a day is given up, stays with its reason, and its lane goes on', async () => {
  const hopeless = await table.add({ lane: 'a' })
  const behind = await table.add({ lane: 'a' })
  const ran: string[] = []
  const runner = await table.runner(async (payload) => {
    if (idOf(payload) === hopeless) throw new Error('never')
    ran.push(idOf(payload))
  })
  const began = table.clock.now().getTime()
  runner.start()
  for (;;) {
    await runner.idle()
    const [row] = await table.rows()
    if (!row || row.dead_at) break
    expect(ran).toEqual([])
    table.clock.move(row.due_at.getTime() - table.clock.now().getTime())
  }

  expect(ran).toEqual([behind])
  expect(await table.rows()).toMatchObject([{ id: hopeless, last_error: 'never', holder: null }])
  const hours = (table.clock.now().getTime() - began) / 3_600_000
  expect(hours).toBeGreaterThan(18)
  expect(hours).toBeLessThan(30)
})

test('a stop waits for what is held and takes nothing more', async () => {
  const begun = moment()
  const goes_on = moment()
  const runner = await table.runner(
    async () => {
      begun.come()
      await goes_on.reached
    },
    { slots: 1 },
  )
  await table.add()
  const left = await table.add()
  runner.start()
  await begun.reached

  let stopped = false
  const stopping = runner.stop().then(() => (stopped = true))
  await turnOfTheLoop()
  expect(stopped).toBe(false)
  goes_on.come()
  await stopping
  expect(await table.rows()).toMatchObject([{ id: left, holder: null }])
})
