import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { measures } from '../../src/metrics/measures.ts'
import type { Report } from '../../src/metrics/report.ts'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot')
  await desk.agent('idle-bot')
  // One is approved after four minutes, one rejected at once, one expires.
  const [approved, rejected] = [await agent.ask(refund), await agent.ask(refund)]
  await desk.advance('4m')
  await desk.click('U_BOB', 'approve', await desk.card(approved.id))
  await desk.reject('U_ERIN', await desk.card(rejected.id), 'not this one')
  await agent.ask(refund)
  await desk.advance('3h')
  await agent.send('PUT', '/v1/runs/run_1', {
    status: 'succeeded',
    cost: { amount: '0.30', currency: 'USD' },
    tool_calls: 10,
    tool_errors: 1,
    tool_retries: 2,
  })
  await agent.send('PUT', '/v1/runs/run_2', { status: 'failed', cost: { amount: '0.10', currency: 'USD' } })
  await agent.send('POST', `/v1/approvals/${approved.id}/outcome`, {
    status: 'succeeded',
    cost: { amount: '1.50', currency: 'EUR' },
  })
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 240 } }

test('the command line says what oversight did', async () => {
  const { code, lines } = await commandLine(desk, 'metrics', '24h')
  expect(code).toBe(0)
  const text = lines.join('\n')
  expect(text).toMatch(/Requests +3 /)
  expect(text).toMatch(/Time to decision, median +4 min/)
  expect(text).toMatch(/Expired +33\.3 %/)
  expect(text).toMatch(/Cost per run +0\.20 USD/)
  expect(text).toMatch(/Cost per successful run +0\.40 USD/)
  expect(text).toMatch(/Cost per successful outcome +1\.50 EUR/)
  expect(text).toMatch(/Run actions that trace to a person or a rule +100\.0 %/)
  expect(text).toMatch(/U_BOB +1 decision /)
})

test('by role, agent and tool, as text, as CSV and as JSON', async () => {
  const byRole = (await commandLine(desk, 'metrics', 'by', 'role')).lines.join('\n')
  expect(byRole).toMatch(/role finance\n/)
  const byAgent = (await commandLine(desk, 'metrics', '7d', 'by', 'agent', '--csv')).lines
  expect(byAgent[0]).toBe('from,to,agent,by,key,measure,unit,currency,value,value_before')
  expect(byAgent).toContainEqual(
    expect.stringMatching(/,agent,refund-bot,tool_call_error_rate,share,,0\.1,$/),
  )
  expect(byAgent).toContainEqual(expect.stringMatching(/,agent,refund-bot,cost_per_run,money,USD,0\.2,$/))
  const { json } = await commandLine(desk, 'metrics', '7d', 'by', 'tool', '--json')
  expect((json as Report).groups.map(({ key }) => key)).toEqual(['stripe.refund'])
})

test('of one agent alone', async () => {
  const idle = await commandLine(desk, 'metrics', '--agent', 'idle-bot', '--json')
  expect((idle.json as Report).figures).toMatchObject({ requests: 0, approval_rate: null, runs: 0 })
  const busy = await commandLine(desk, 'metrics', '--agent', 'refund-bot', 'by', 'tool', '--json')
  expect((busy.json as Report).figures).toMatchObject({ requests: 3, runs: 2 })
})

test.each([
  [['metrics', 'week'], /“week” is not a window of time/],
  [['metrics', '10m'], /“10m” is not a window of time: 24h, 7d and 30d are; from 1h to 366d/],
  [['metrics', '7d', 'by', 'colour'], /By “colour”\? Figures can be had by role, agent, tool/],
  [['metrics', '7d', 'by'], /By what\?/],
  [['metrics', '7d', '30d'], /“30d” is too much/],
  [['metrics', '--agent', 'nobody'], /There is no agent called nobody/],
  [['metrics', 'by', 'agent', '--agent', 'refund-bot'], /not both/],
])('%j is refused in words', async (words, why) => {
  const { code, lines } = await commandLine(desk, ...words)
  expect(code).toBe(1)
  expect(lines.join('\n')).toMatch(why)
})

test('counted anew it comes to the same', async () => {
  const before = await commandLine(desk, 'metrics', '--json')
  const { code, lines } = await commandLine(desk, 'metrics', 'rebuild')
  expect(code).toBe(0)
  expect(lines.join('\n')).toMatch(/^\d+ events were counted anew\.$/)
  expect((await commandLine(desk, 'metrics', '--json')).json).toEqual(before.json)
})

test('a freeze is time', async () => {
  const { admin } = desk.app.ground
  await admin.freeze({ agent: 'idle-bot', reason: 'odd' }, { type: 'operator' })
  await desk.advance('30m')
  await admin.unfreeze({ agent: 'idle-bot' }, { type: 'operator' })
  await desk.advance('10m')
  const figures = async (...words: string[]) =>
    ((await commandLine(desk, 'metrics', ...words, '--json')).json as Report).figures
  expect(await figures('24h')).toMatchObject({ frozen_ms: 1_800_000 })
  expect(await figures('24h', '--agent', 'refund-bot')).toMatchObject({ frozen_ms: 0 })
  expect(await figures('24h', '--agent', 'idle-bot')).toMatchObject({ frozen_ms: 1_800_000 })
})

test('the job folds while nobody reads', async () => {
  await agent.ask(refund)
  await desk.advance('11m')
  const { rows } = await desk.app.ground.database.pool.query<{ left: number }>(
    'select count(*)::int as left from event where id > (select event_id from fold where serving)',
  )
  // What was recorded since its last look is folded at the next.
  expect(rows[0]!.left).toBeLessThan(10)
})

test('every measure is defined in docs/metrics.md', () => {
  const documented = readFileSync('docs/metrics.md', 'utf8')
  expect(measures.filter(({ name }) => !documented.includes(`\`${name}\``))).toEqual([])
})
