import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('unlucky-bot')
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const cardsOf = (id: string) =>
  desk.slack.sandbox
    .snapshot()
    .messages.filter((message) => message.metadata?.event_payload.approval_id === id)

test('a post whose answer was lost is found, not posted again', async () => {
  desk.slack.sandbox.inject({ kind: 'drop_after_delivery', method: 'chat.postMessage', times: 1 })
  const { id } = await agent.ask(refund)
  await desk.settle()
  await desk.advance('1m')
  expect(cardsOf(id)).toHaveLength(1)
  expect((await desk.audit(id)).map((event) => event.type)).toEqual([
    'approval.requested',
    'card.unclear',
    'card.posted',
  ])
  await desk.click('U_BOB', 'approve', await desk.card(id))
  await desk.settle()
  expect((await agent.get(id)).status).toBe('approved')
})

test('a rate limit is waited for as long as Slack says', async () => {
  desk.slack.sandbox.inject({ kind: 'rate_limited', retry_after_s: 20, method: 'chat.postMessage', times: 1 })
  const { id } = await agent.ask(refund)
  await desk.settle()
  expect(cardsOf(id)).toHaveLength(0)
  await desk.advance('19s')
  expect(cardsOf(id)).toHaveLength(0)
  await desk.advance('1s')
  expect(cardsOf(id)).toHaveLength(1)
})

test('an outage ends with the card as it is now', async () => {
  const fault = desk.slack.sandbox.inject({ kind: 'http_error', status: 503 })
  const { id } = await agent.ask(refund)
  await desk.advance('10m')
  expect(cardsOf(id)).toHaveLength(0)
  desk.slack.sandbox.clearFaults(fault)
  await desk.advance('10m')
  expect(cardsOf(id)).toHaveLength(1)
})
