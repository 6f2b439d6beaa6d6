import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import express from 'express'
import { scraping } from '../../src/scrape.ts'
import type { Report } from '../../src/metrics/report.ts'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What other programs read of the figures: Prometheus all of it, an agent its own.

let desk: Desk
let agent: TestAgent
let other: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot')
  other = await desk.agent('other-bot')
  const { id } = await agent.ask(refund)
  await desk.advance('4m')
  await desk.click('U_BOB', 'approve', await desk.card(id))
  await agent.send('POST', `/v1/approvals/${id}/outcome`, {
    status: 'succeeded',
    cost: { amount: '1.50', currency: 'EUR' },
  })
  await other.ask(refund)
  await other.send('PUT', '/v1/runs/run_1', { status: 'running', tool_calls: 4, tool_errors: 1 })
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 240 } }

async function scrape(url = desk.app.url, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/metrics`, { headers })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

test('Prometheus reads counters since the beginning, by agent and by role', async () => {
  const { status, type, text } = await scrape()
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  for (const line of [
    '# TYPE countersign_approvals_requested_total counter',
    'countersign_approvals_requested_total{agent="refund-bot"} 1',
    'countersign_approvals_ended_total{agent="refund-bot",status="approved",by="human"} 1',
    'countersign_approvals_ended_total{agent="other-bot",status="approved",by="human"} 0',
    'countersign_approval_latency_seconds_bucket{agent="refund-bot",le="120"} 0',
    'countersign_approval_latency_seconds_bucket{agent="refund-bot",le="300"} 1',
    'countersign_approval_latency_seconds_bucket{agent="refund-bot",le="+Inf"} 1',
    'countersign_approval_latency_seconds_count{agent="refund-bot"} 1',
    'countersign_stages_asked_total{role="finance"} 2',
    'countersign_outcome_cost_total{agent="refund-bot",currency="EUR"} 1.5',
    'countersign_runs_last_day{agent="other-bot"} 1',
    'countersign_run_tool_errors_last_day{agent="other-bot"} 1',
    'countersign_approvals_pending 1',
    'countersign_jobs_dead 0',
    'countersign_frozen 0',
  ])
    expect(text.split('\n')).toContain(line)
})

test('every line is one that Prometheus can read, and every family says what it is, once', async () => {
  const { text } = await scrape()
  const lines = text.trimEnd().split('\n')
  const sample =
    /^[a-z_]+(\{[a-z]+="([^"\\\n]|\\.)*"(,[a-z]+="([^"\\\n]|\\.)*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/
  expect(lines.filter((line) => !line.startsWith('#') && !sample.test(line))).toEqual([])
  const families = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2])
  expect(new Set(families).size).toBe(families.length)
  expect(new Set(lines.filter((line) => !line.startsWith('#')).map((line) => line.split(' ')[0])).size).toBe(
    lines.filter((line) => !line.startsWith('#')).length,
  )
  // What agents can make up is no label.
  expect(text).not.toContain('stripe.refund')
})

test('a freeze shows at once', async () => {
  const { admin } = desk.app.ground
  await admin.freeze({ agent: 'other-bot', reason: 'odd' }, { type: 'operator' })
  expect((await scrape()).text).toContain('countersign_agent_frozen{agent="other-bot"} 1\n')
  await admin.unfreeze({ agent: 'other-bot' }, { type: 'operator' })
  expect((await scrape()).text).not.toContain('countersign_agent_frozen{')
})

const local = { host: '127.0.0.1', public_url: 'http://localhost:3000' }
test.each([
  ['for this machine alone, without a token', { ...local, metrics_token: null }, undefined, 200],
  [
    'without a token, where others can come',
    { ...local, host: '0.0.0.0', metrics_token: null },
    undefined,
    403,
  ],
  [
    'without a token, behind a proxy',
    { ...local, public_url: 'https://cs.example', metrics_token: null },
    undefined,
    403,
  ],
  ['with the token', { ...local, metrics_token: 'of sixteen or more' }, 'Bearer of sixteen or more', 200],
  ['with another token', { ...local, metrics_token: 'of sixteen or more' }, 'Bearer guess', 401],
  ['with a token that was not sent', { ...local, metrics_token: 'of sixteen or more' }, undefined, 401],
] as const)('%s', async (_name, config, authorization, status) => {
  const server = express().use(scraping(config, desk.app.ground.metrics.exposition)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const read = await scrape(`http://127.0.0.1:${port}`, authorization === undefined ? {} : { authorization })
  server.close()
  expect(read.status).toBe(status)
  expect(read.text.includes('refund-bot')).toBe(status === 200)
})

test('an agent reads its own figures and nobody else’s', async () => {
  const { status, body } = await agent.send<Report>('GET', '/v1/metrics?window=24h&by=tool')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    agent: 'refund-bot',
    by: 'tool',
    figures: { requests: 1, approval_rate: 1, runs: 0 },
  })
  expect(body.groups.map(({ key, figures }) => [key, figures['requests']])).toEqual([['stripe.refund', 1]])
  expect(body).not.toHaveProperty('approvers')
  const { body: others } = await other.send<Report>('GET', '/v1/metrics')
  expect(others).toMatchObject({
    agent: 'other-bot',
    by: null,
    groups: [],
    figures: { requests: 1, runs: 1 },
  })
  expect(others.figures['approval_latency_p50_ms']).toBeNull()
  expect(new Date(others.window.to).getTime() - new Date(others.window.from).getTime()).toBe(7 * 86_400_000)
})
