import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Call, Message } from '../../src/sandbox/index.ts'
import { createAgent, type SeenApproval, type TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'

const policy = storyPolicy.replace('expires_in: 1h', 'expires_in: 6h')

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk({ pacing: true, policy })
  agent = await desk.agent('busy-bot')
})
afterEach(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const bigRefund = { tool: 'stripe.refund', arguments: { amount: 2_400 } }
const deploy = { tool: 'deploy' }

const cardsOf = (id: string): Message[] =>
  desk.slack.sandbox
    .snapshot()
    .messages.filter(
      ({ metadata }) =>
        metadata?.event_type === 'countersign_approval' && metadata.event_payload.approval_id === id,
    )
const posts = (channel?: string): Call[] =>
  desk.slack.sandbox
    .calls('chat.postMessage')
    .filter(({ args }) => channel === undefined || args.channel === channel)
const updates = () => desk.slack.sandbox.calls('chat.update')
const turnedAway = () => desk.slack.sandbox.calls().filter(({ answer }) => answer?.error === 'ratelimited')
/** How long after the one before each call was made, in milliseconds. */
const gaps = (calls: Call[]) =>
  calls.slice(1).map(({ at }, index) => at.getTime() - (calls[index]?.at.getTime() ?? 0))
const approvalIn = ({ args }: Call) =>
  (args.metadata as { event_payload: { approval_id: string } }).event_payload.approval_id

/** Asks so often, all in one moment of the desk's clock, each after the one before was seen to. */
async function askOften(times: number, action: object, by = agent): Promise<SeenApproval[]> {
  const asked: SeenApproval[] = []
  for (let nth = 0; nth < times; nth++) {
    asked.push(await by.ask(action))
    await desk.settle()
  }
  return asked
}

/** Lets time pass in small steps, as it does. */
async function pass(ms: number, step_ms = 550): Promise<void> {
  for (let passed = 0; passed < ms; passed += step_ms) {
    desk.clock.move(step_ms)
    await desk.settle()
  }
}

test('thirty requests at once in one channel: every card arrives, about one a second, in order, and Slack never objects', async () => {
  const asked = await askOften(30, refund)
  expect(posts('C_FINANCE')).toHaveLength(1)

  await pass(33_000)

  expect(posts('C_FINANCE').map(approvalIn)).toEqual(asked.map(({ id }) => id))
  for (const gap of gaps(posts('C_FINANCE'))) {
    expect(gap).toBeGreaterThanOrEqual(1_000)
    expect(gap).toBeLessThanOrEqual(1_150)
  }
  expect(turnedAway()).toEqual([])
})

test('two replicas share what a channel may get', async () => {
  const other = await desk.replica()
  const sameAgent = createAgent(other.url, agent)
  for (let pair = 0; pair < 5; pair++) await Promise.all([agent.ask(refund), sameAgent.ask(refund)])
  await desk.settle()
  expect(posts('C_FINANCE')).toHaveLength(1)

  await pass(11_000)

  expect(new Set(posts('C_FINANCE').map(approvalIn)).size).toBe(10)
  for (const gap of gaps(posts('C_FINANCE'))) expect(gap).toBeGreaterThanOrEqual(1_000)
  expect(turnedAway()).toEqual([])
})

test('forty-five cards change at once: the first ten at once, the others evenly, within Slack’s fifty a minute', async () => {
  const asked = await askOften(45, refund)
  await pass(50_000, 1_100)
  expect(posts('C_FINANCE')).toHaveLength(45)

  for (const { id } of asked) await agent.send('POST', `/v1/approvals/${id}/cancel`, { reason: 'not needed' })
  await desk.settle()
  expect(updates()).toHaveLength(10)
  await pass(55_000, 1_500)

  expect(updates()).toHaveLength(45)
  for (const { id } of asked) expect(cardsOf(id)[0]?.text).toContain('Cancelled')
  expect(turnedAway()).toEqual([])
})

test('what waited while everything was down is not sent all at once afterwards', async () => {
  const asked = await askOften(6, refund)
  desk.clock.move(60_000)
  await desk.settle()
  expect(posts('C_FINANCE')).toHaveLength(2)
  await pass(5_000)
  // Of what was due at one moment, any may be first.
  expect(posts('C_FINANCE').map(approvalIn).sort()).toEqual(asked.map(({ id }) => id).sort())
  expect(turnedAway()).toEqual([])
})

test('a channel that Slack wants left alone is left alone by all, and no other channel waits for it', async () => {
  await desk.replica()
  desk.slack.sandbox.inject({
    kind: 'rate_limited',
    retry_after_s: 30,
    method: 'chat.postMessage',
    channel: 'C_FINANCE',
    times: 1,
  })
  const refunds = await askOften(4, refund)
  const [deployment] = await askOften(1, deploy)
  expect(cardsOf(deployment!.id)).toHaveLength(1)
  expect(posts('C_FINANCE')).toHaveLength(1)

  await pass(29_000, 1_000)
  expect(posts('C_FINANCE')).toHaveLength(1)
  await pass(1_000, 1_000)
  expect(posts('C_FINANCE')).toHaveLength(2)
  await pass(4_000)
  expect(
    posts('C_FINANCE')
      .filter(({ answer }) => answer?.ok)
      .map(approvalIn),
  ).toEqual(refunds.map(({ id }) => id))
})

test('several votes while updates have to wait: one update, which shows them all', async () => {
  const before = await askOften(10, refund)
  const { id } = await agent.ask(bigRefund)
  await pass(13_000, 1_100)
  const card = await desk.card(id)
  for (const one of before)
    await agent.send('POST', `/v1/approvals/${one.id}/cancel`, { reason: 'not needed' })
  await desk.settle()

  await desk.click('U_BOB', 'approve', card)
  await desk.settle()
  await desk.click('U_ERIN', 'approve', card)
  await desk.settle()
  expect((await agent.get(id)).status).toBe('approved')
  const ofCard = () => updates().filter(({ args }) => args.ts === card.ts)
  expect(ofCard()).toHaveLength(0)

  await pass(10_000, 1_000)
  expect(ofCard()).toHaveLength(1)
  const shown = JSON.stringify(cardsOf(id))
  expect(shown).toContain('Bob Brandt')
  expect(shown).toContain('Erin Eze')
})

test('somebody who clicks gets a form and an answer while posts hang', async () => {
  const [{ id }] = (await askOften(1, refund)) as [SeenApproval]
  const card = await desk.card(id)
  desk.slack.sandbox.inject({ kind: 'delay', ms: 1_500, method: 'chat.postMessage', times: 1 })
  const hanging = await agent.ask(deploy)
  await untilBegun(hanging.id)

  expect(await desk.openForm('U_BOB', card)).toMatchObject({ user: 'U_BOB' })
  await desk.click('U_DAVE', 'approve', card)
  await desk.told('U_DAVE', /finance/)
  expect(posts('C_PLATFORM')).toHaveLength(0)

  await desk.settle()
  expect(cardsOf(hanging.id)).toHaveLength(1)
})

test('two hours without Slack end with every card up to date, each once, and the owner told once', async () => {
  const cancelled = await agent.ask(refund)
  const expiring = await agent.ask(deploy, { expires_in: '1h' })
  await pass(2_200, 1_100)
  const untouched = await agent.ask(refund)
  await pass(2_200, 1_100)

  // The last post before the outage arrives, and its answer does not.
  desk.slack.sandbox.inject({ kind: 'drop_after_delivery', method: 'chat.postMessage', times: 1 })
  const unanswered = await agent.ask(refund)
  await desk.settle()
  const outage = desk.slack.sandbox.inject({ kind: 'http_error', status: 503 })
  const meanwhile: SeenApproval[] = []
  for (let nth = 0; nth < 5; nth++) meanwhile.push(await agent.ask(refund))
  const unseen = await agent.ask(refund)
  await desk.settle()
  await agent.send('POST', `/v1/approvals/${cancelled.id}/cancel`, { reason: 'not needed' })
  for (let minute = 0; minute < 120; minute += 2) {
    await desk.advance('2m')
    if (minute === 60) await agent.send('POST', `/v1/approvals/${unseen.id}/cancel`, { reason: 'not needed' })
  }
  desk.slack.sandbox.clearFaults(outage)
  await pass(180_000, 4_000)

  const [gone] = cardsOf(cancelled.id)
  expect(gone?.text).toContain('Cancelled')
  expect(cardsOf(expiring.id)[0]?.text).toContain('Expired')
  for (const { id } of [untouched, unanswered, ...meanwhile]) {
    const [card] = cardsOf(id)
    expect(JSON.stringify(card?.blocks)).toContain('approve')
  }
  for (const { id } of [cancelled, expiring, untouched, unanswered, ...meanwhile])
    expect(cardsOf(id)).toHaveLength(1)
  expect(cardsOf(unseen.id)).toHaveLength(0)
  expect(turnedAway()).toEqual([])

  await pass(600_000, 30_000)
  const owner = posts('U_DAVE').filter(({ answer }) => answer?.ok)
  expect(owner.map(({ args }) => String(args.text))).toEqual([expect.stringContaining(expiring.id)])
})

/** Resolves once the post of an approval's card is about to be made. */
async function untilBegun(approval_id: string): Promise<void> {
  const { flow } = desk.app.ground
  while ((await flow.messages.of(approval_id)).length === 0) await Promise.resolve()
}
