import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('busy-bot')
})
afterAll(() => desk.close())

type Seen = { run_id: string; status: string; cost: unknown; updated_at: string; ended_at: string | null }

const put = (run_id: string, body: object, of = agent) =>
  of.send<Seen>('PUT', `/v1/runs/${encodeURIComponent(run_id)}`, body)

const full = {
  status: 'running',
  cost: { amount: '1234.000000000001', currency: 'EUR' },
  tokens: { input: 9_007_199_254_740, output: 0 },
  tool_calls: 12,
  tool_errors: 2,
  tool_retries: 3,
  started_at: '2026-03-02T10:00:00.5+01:00',
  ended_at: '2026-03-02T09:30:00Z',
}
const empty = {
  cost: null,
  tokens: null,
  tool_calls: null,
  tool_errors: null,
  tool_retries: null,
  started_at: null,
  ended_at: null,
}

test('a run is kept as it was said, times in UTC, and nothing is rounded', async () => {
  expect(await put('run/81 ä', full)).toMatchObject({
    status: 200,
    body: {
      ...full,
      run_id: 'run/81 ä',
      started_at: '2026-03-02T09:00:00.500Z',
      ended_at: '2026-03-02T09:30:00.000Z',
      updated_at: desk.clock.now().toISOString(),
    },
  })
})

test('the last word counts, and counts whole', async () => {
  await put('run_1', full)
  await desk.advance('1m')
  const { status, body } = await put('run_1', {
    status: 'succeeded',
    cost: { amount: '0.50', currency: 'USD' },
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    ...empty,
    run_id: 'run_1',
    status: 'succeeded',
    cost: { amount: '0.5', currency: 'USD' },
    updated_at: desk.clock.now().toISOString(),
  })
})

test('each agent has runs of its own, and figures can be reckoned with in SQL', async () => {
  const other = await desk.agent('other-bot')
  await put('run_2', { status: 'failed', cost: { amount: '0.1', currency: 'USD' } })
  await put('run_2', { status: 'succeeded', cost: { amount: '0.2', currency: 'USD' } }, other)
  const { rows } = await desk.app.ground.database.pool.query(
    `select sum(cost_amount)::text as cost, count(distinct agent_id)::int as agents from run where run_id = 'run_2'`,
  )
  expect(rows).toEqual([{ cost: '0.300000000000', agents: 2 }])
})

test('fifty writes at once leave one run, as one of them said it', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => put('run_3', { status: 'running', tool_calls: i })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  const { rows } = await desk.app.ground.database.pool.query(
    `select tool_calls from run where run_id = 'run_3'`,
  )
  expect(rows).toHaveLength(1)
})

test('a frozen agent may say what its runs cost: nothing is asked for', async () => {
  const { admin } = desk.app.ground
  await admin.freeze({ agent: 'busy-bot', reason: 'odd' }, { type: 'operator' })
  expect((await put('run_4', { status: 'failed' })).status).toBe(200)
  await admin.unfreeze({ agent: 'busy-bot' }, { type: 'operator' })
})
