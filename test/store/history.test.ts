import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { JsonObject, Request } from '../../src/approval/approval.ts'
import type { HistoryQuestion, HistoryValues } from '../../src/approval/history.ts'
import { open } from '../../src/approval/open.ts'
import { createLog } from '../../src/platform/log.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { pastBefore, pastOf, pastWithin } from '../../src/store/history.ts'
import { talliesOf, worthATally } from '../../src/store/history-tallies.ts'
import { transaction } from '../../src/store/database.ts'
import { agent, minute, planOf, requestOf, start } from '../approval/given.ts'
import { createDatabase } from '../setup/database.ts'
import { openDecided } from './open-decided.ts'

// What was allowed before, as it is counted in the database.

let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const made = await createDatabase()
  database = openDatabase(made.url, createLog('silent'))
  drop = made.drop
})
afterAll(async () => {
  await database.close()
  await drop()
})

const hour = 60
const now = minute(24 * hour)
let made = 0

async function epoch(): Promise<number> {
  const { rows } = await database.pool.query<{ epoch: number }>('select epoch from desk')
  return rows[0]!.epoch
}

type Given = {
  agent_id?: string
  tool?: string
  args?: JsonObject
  request?: Partial<Request>
  status?: string
  withdrawn?: boolean
  /** When it was decided; left out, at the start. */
  at?: Date
}

/** An approval as it would have become. */
async function given({
  agent_id = 'agt_1',
  tool = 'stripe.refund',
  args = {},
  ...other
}: Given = {}): Promise<string> {
  const { request = {}, status = 'approved', at = start, withdrawn = false } = other
  const action = { tool, arguments: args, summary: null, justification: null }
  const id = `apr_${++made}`
  const asked = requestOf({ action, ...request })
  const { next } = open(id, { ...agent, id: agent_id }, asked, planOf(), { faults: [], history: {} }, start)
  const consequences = { events: [], jobs: [], callbacks: [], readers: null }
  await openDecided(database, await epoch(), { approval: next, consequences })
  await database.pool.query(
    `update approval set status = $2, decided_at = $3, withdrawn = case when $4 then '{"at":"2026-03-02"}'::json end where id = $1`,
    [id, status, status === 'pending' ? null : at, withdrawn],
  )
  return id
}

async function answer(question: Partial<HistoryQuestion>, at = now): Promise<HistoryValues[string]> {
  const whole = { name: 'it', sum: null, tools: null, within_ms: 24 * 3_600_000, ...question }
  const values = await pastOf(database)({ reads: [whole], adds_to: [], unknown: {} }, at)
  return values['it']!
}

describe('what counts', () => {
  test.each([
    ['approved', 1],
    ['pending', 1],
    ['rejected', 0],
    ['expired', 0],
    ['cancelled', 0],
  ])('%s: %d', async (status, count) => {
    await given({ agent_id: `agt_${status}`, status, at: minute(1) })
    expect(await answer({ agent_id: `agt_${status}` })).toBe(count)
  })

  test('approved and withdrawn: nobody knows that it had not run', async () => {
    await given({ agent_id: 'agt_withdrawn', withdrawn: true, at: minute(1) })
    expect(await answer({ agent_id: 'agt_withdrawn' })).toBe(1)
  })

  test('from the decision on for as long as the window is, to the millisecond; what waits counts as long as it waits', async () => {
    await given({ agent_id: 'agt_window', at: minute(10) })
    const end = minute(24 * hour + 10)
    expect(await answer({ agent_id: 'agt_window' }, new Date(end.getTime() - 1))).toBe(1)
    expect(await answer({ agent_id: 'agt_window' }, end)).toBe(0)
    await given({ agent_id: 'agt_window', status: 'pending' })
    expect(await answer({ agent_id: 'agt_window' }, minute(100 * 24 * hour))).toBe(1)
  })

  test('not the one that is being decided', async () => {
    const id = await given({ agent_id: 'agt_except', status: 'pending' })
    await given({ agent_id: 'agt_except', status: 'pending' })
    const question = { name: 'it', sum: null, tools: null, within_ms: 1_000, agent_id: 'agt_except' }
    const look = { reads: [question], adds_to: [], unknown: { other: { failed: 'no run' } } }
    expect(await transaction(database, (client) => pastWithin(database, client, id)(look, now))).toEqual({
      it: 1,
      other: { failed: 'no run' },
    })
  })
})

test('as it was at a moment: what was decided by then, and what waited then, whatever became of it', async () => {
  const agent_id = 'agt_then'
  await given({ agent_id, at: minute(1) })
  await given({ agent_id, at: minute(30) })
  await given({ agent_id, status: 'rejected', at: minute(2) })
  await given({ agent_id, status: 'rejected', at: minute(40) })
  const judged = await given({ agent_id, status: 'pending' })
  const question = { name: 'it', sum: null, tools: null, within_ms: 3_600_000, agent_id }
  const look = { reads: [question], adds_to: [], unknown: {} }
  const then = (at: Date) => pastBefore(database, judged)(look, at)
  expect(await then(minute(10))).toEqual({ it: 3 })
  expect(await then(minute(35))).toEqual({ it: 3 })
  expect(await then(minute(50))).toEqual({ it: 2 })
  expect(await then(minute(62))).toEqual({ it: 1 })
  expect(await then(start)).toEqual({ it: 0 })
})

describe('what it has in common with the request', () => {
  beforeAll(async () => {
    const order = (id: string, type = 'order') => ({ subject: { type, id, url: null } })
    const at = minute(5)
    await given({ agent_id: 'agt_a', tool: 'stripe.refund', request: { run_id: 'r1', ...order('1') }, at })
    await given({ agent_id: 'agt_a', tool: 'stripe.charge', request: { run_id: 'r1', ...order('2') }, at })
    await given({ agent_id: 'agt_a', tool: 'stripefake', request: { run_id: 'r2', subject: null }, at })
    await given({ agent_id: 'agt_b', tool: 'stripe.refund', request: { run_id: 'r1', ...order('1') }, at })
    await given({
      agent_id: 'agt_b',
      tool: 'stripe.charge',
      request: { run_id: null, ...order('1', 'customer') },
      at,
    })
  })

  test.each<[string, Partial<HistoryQuestion>, number]>([
    ['an agent', { agent_id: 'agt_a' }, 3],
    ['an agent’s run', { agent_id: 'agt_a', run_id: 'r1' }, 2],
    ['an agent and a tool', { agent_id: 'agt_a', tool: 'stripe.charge' }, 1],
    ['a tool', { tool: 'stripe.charge' }, 2],
    ['a subject', { subject: { type: 'order', id: '1' } }, 2],
    ['a subject of another type', { subject: { type: 'customer', id: '1' } }, 1],
    ['an agent, of these tools', { agent_id: 'agt_a', tools: ['stripefake', 'stripe.refund'] }, 2],
    ['an agent, of tools that begin so', { agent_id: 'agt_a', tools: ['stripe.*'] }, 2],
    ['an agent, of both', { agent_id: 'agt_a', tools: ['stripe.r*', 'stripefake'] }, 2],
    ['a tool that is none of these', { tool: 'stripe.charge', tools: ['stripe.refund'] }, 0],
    ['what looks like SQL', { agent_id: `' or true --`, tools: [`%'*`] }, 0],
  ])('%s', async (_, question, count) => {
    expect(await answer(question)).toBe(count)
  })
})

describe('a sum', () => {
  const sumOf = async (agent_id: string, amounts: JsonObject[], path = ['amount']) => {
    for (const args of amounts) await given({ agent_id, args, at: minute(1) })
    return answer({ agent_id, sum: path })
  }

  test('of nothing is 0', async () => {
    expect(await answer({ agent_id: 'agt_nobody', sum: ['amount'] })).toBe(0)
  })

  test('is exact', async () => {
    expect(
      await sumOf(
        'agt_exact',
        Array.from({ length: 10 }, () => ({ amount: 0.1 })),
      ),
    ).toBe(1)
    expect(await sumOf('agt_forms', [{ amount: 1e21 }, { amount: 1.5e-7 }, { amount: 0 }])).toBe(1e21)
  })

  test('finds its number below other keys, whatever they are called', async () => {
    const args = { 'net total': { '{a,"b': [1, { cents: 7 }] }, cents: 100 }
    expect(await sumOf('agt_deep', [args], ['net total', '{a,"b', '1', 'cents'])).toBe(7)
  })

  test('does not get smaller by what is below zero: nobody makes room by asking for less', async () => {
    expect(await sumOf('agt_negative', [{ amount: 900 }, { amount: -5_000 }])).toBe(900)
  })

  test.each<[string, JsonObject]>([
    ['text', { amount: '5' }],
    ['text that begins like a number', { amount: '-5' }],
    ['nothing', {}],
    ['null', { amount: null }],
    ['a list', { amount: [5] }],
    ['true', { amount: true }],
    ['an object', { amount: { value: 5 } }],
  ])('is not known where there is %s in the place of a number', async (what, args) => {
    expect(await sumOf(`agt_${what}`, [{ amount: 5 }, args])).toEqual({
      failed: '1 of the 2 approvals that count have no number at action.arguments.amount',
    })
  })

  test('is not known where it is larger than any number', async () => {
    expect(await sumOf('agt_large', [{ amount: 1.7e308 }, { amount: 1.7e308 }])).toEqual({
      failed: 'the sum is larger than any number',
    })
  })
})

/** Many approvals like the one of that id, one every `every_ms` from `from` on, each with another amount. */
async function many(id: string, agent_id: string, count: number, from: Date, every_ms: number) {
  const { rows } = await database.pool.query<{ names: string }>(
    `select string_agg(quote_ident(attname), ', ') as names from pg_attribute
     where attrelid = 'approval'::regclass and attnum > 0 and attname not in ('id', 'agent_id', 'decided_at', 'request')`,
  )
  await database.pool.query(
    `insert into approval (id, agent_id, decided_at, request, ${rows[0]!.names})
     select $2 || '_' || extract(epoch from $4::timestamptz) || '_' || i, $2, $4::timestamptz + i * $5::int * interval '1 ms',
       jsonb_set(request::jsonb, '{action,arguments,amount}', to_jsonb(i * 0.1))::json, ${rows[0]!.names}
     from approval, generate_series(0, $3::int - 1) i where id = $1`,
    [id, agent_id, count, from, every_ms],
  )
}

/** The same sum as a plain query has it. */
async function plainly(agent_id: string, at: Date): Promise<number> {
  const { rows } = await database.pool.query<{ sum: string }>(
    `select coalesce(sum((request #>> '{action,arguments,amount}')::numeric), 0) as sum from approval
     where agent_id = $1 and status = 'approved' and decided_at > $2`,
    [agent_id, new Date(at.getTime() - 24 * 3_600_000)],
  )
  return Number(rows[0]!.sum)
}

test('where many count, what is past is kept as a tally, and the answer stays the same', async () => {
  const id = await given({ agent_id: 'agt_model', args: { amount: 0 } })
  const question = { agent_id: 'agt_busy', sum: ['amount'] }
  const whole = { name: 'it', tools: null, within_ms: 24 * 3_600_000, ...question }
  await many(id, 'agt_busy', 3 * worthATally, start, 25_000)

  let at = minute(21 * hour)
  expect(await answer(question, at)).toBe(await plainly('agt_busy', at))
  await talliesOf(database).idle()
  expect(talliesOf(database).of(whole, at)?.amounts.length).toBeGreaterThan(3)
  for (let round = 0; round < 30; round++) {
    at = new Date(at.getTime() + 17 * 60_000 + round)
    await many(id, 'agt_busy', 100, new Date(at.getTime() - 60_000), 500)
    expect(await answer(question, at)).toBe(await plainly('agt_busy', at))
    await talliesOf(database).idle()
  }
  // A moment ago is asked about too, and after the window is over nothing is left of it.
  expect(await answer(question, minute(21 * hour))).toBe(await plainly('agt_busy', minute(21 * hour)))
  expect(await answer(question, minute(400 * hour))).toBe(0)
})

test('a tally begins when nothing can be added to it: what was decided before and is not written is decided anew', async () => {
  const id = await given({ agent_id: 'agt_model', args: { amount: 0 } })
  await many(id, 'agt_settled', worthATally + 1, start, 1_000)
  const before = await epoch()
  const at = minute(40 * 24 * hour)
  const window = { agent_id: 'agt_settled', within_ms: 60 * 24 * 3_600_000 }
  expect(await answer(window, at)).toBe(worthATally + 1)
  await talliesOf(database).idle()
  const { next } = open('apr_late', agent, requestOf(), planOf(), { faults: [], history: {} }, start)
  const consequences = { events: [], jobs: [], callbacks: [], readers: null }
  expect(await openDecided(database, before, { approval: next, consequences })).toBe('desk_changed')
})

test('however often a tally is too short, nobody is decided anew again and again', async () => {
  const id = await given({ agent_id: 'agt_model', args: { amount: 0 } })
  const at = minute(50 * 24 * hour)
  // None of these can be in a tally yet.
  await many(id, 'agt_rapid', worthATally + 1, new Date(at.getTime() - 1_000), 1)
  const before = await epoch()
  for (let second = 0; second < 30; second++) {
    await answer({ agent_id: 'agt_rapid' }, new Date(at.getTime() + second * 100))
    await talliesOf(database).idle()
  }
  expect((await epoch()) - before).toBe(1)
})

test('numbers of one transaction are locked in one order: many that look at several wait in no circle', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const question = (name: string) => ({
    name,
    sum: null,
    tools: null,
    within_ms: 1_000,
    agent_id: 'agt_circle',
  })
  const one = (turn: number) => {
    const questions = names.map((_, i) => question(names[(turn + i) % names.length]!)).slice(0, 3)
    const look = { reads: questions.slice(0, 2), adds_to: questions.slice(2), unknown: {} }
    return transaction(database, (client) => pastWithin(database, client, null)(look, now), 'decides')
  }
  const answers = await Promise.all(Array.from({ length: 100 }, (_, turn) => one(turn)))
  for (const values of answers) expect(Object.values(values)).toEqual([0, 0])
})
