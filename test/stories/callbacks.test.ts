import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import type { TestAgent } from '../desk/agent.ts'
import { askToBeDenied, lastTry, moveTo, triesOf } from '../desk/callbacks.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { openReceiver, type Receiver } from '../desk/receiver.ts'

let desk: Desk
let agent: TestAgent
const receivers: Receiver[] = []
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('called-back')
})
afterAll(async () => {
  await desk.close()
  await Promise.all(receivers.map((receiver) => receiver.close()))
})

/** A server of its own for each story: what is learned of an endpoint is kept by host and port. */
async function server(how: (res: ServerResponse) => void): Promise<Receiver> {
  const receiver = await openReceiver()
  receiver.answer(how)
  receivers.push(receiver)
  return receiver
}

const status = (code: number, headers: Record<string, string> = {}) => {
  return (res: ServerResponse) => void res.writeHead(code, headers).end()
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

test('a server that never takes it is tried on the whole schedule, each wait within a fifth, and then given up', async () => {
  const receiver = await server(status(500))
  const id = await askToBeDenied(agent, receiver.url)
  await desk.settle()

  for (const [index, wait] of [
    5 * second,
    30 * second,
    2 * minute,
    10 * minute,
    hour,
    3 * hour,
    8 * hour,
  ].entries()) {
    const tried = await lastTry(desk, id)
    expect(tried.data).toMatchObject({
      attempt: index + 1,
      outcome: 'retry',
      status: 500,
      callback_status: 'pending',
    })
    const waited = new Date(tried.data.next_at ?? '').getTime() - new Date(tried.at).getTime()
    expect(waited).toBeGreaterThanOrEqual(wait * 0.8)
    expect(waited).toBeLessThanOrEqual(wait * 1.2)

    await moveTo(desk, tried.data.next_at, -1)
    expect(receiver.received).toHaveLength(index + 1)
    await moveTo(desk, tried.data.next_at)
    expect(receiver.received).toHaveLength(index + 2)
  }

  expect((await lastTry(desk, id)).data).toMatchObject({
    attempt: 8,
    next_at: null,
    callback_status: 'failed',
  })
  expect((await agent.get(id)).callback).toEqual({ status: 'failed', attempts: 8 })
  // The agent's owner hears of it, once, and of nothing before.
  const heard = desk.slack.sandbox.snapshot().messages.filter(({ text }) => text.includes(id))
  expect(heard.map(({ text }) => text)).toEqual([expect.stringContaining('was given up')])
  await desk.advance('10d')
  expect(receiver.received).toHaveLength(8)
})

test('a server that comes back gets the same id and bytes, freshly signed', async () => {
  const receiver = await server(status(502))
  const id = await askToBeDenied(agent, receiver.url)
  await desk.settle()
  await moveTo(desk, (await lastTry(desk, id)).data.next_at)
  receiver.answer(status(204))
  await moveTo(desk, (await lastTry(desk, id)).data.next_at)

  const [first, ...later] = receiver.received
  const tries = await triesOf(desk, id)
  expect(tries.map(({ data }) => data.outcome)).toEqual(['retry', 'retry', 'delivered'])
  for (const received of later) {
    expect(received.body).toBe(first?.body)
    expect(received.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  }
  for (const [index, { headers, body }] of receiver.received.entries()) {
    const at = new Date(tries[index]?.at ?? '')
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(at.getTime() / second)))
    expect(headers['webhook-signature']).toBe(
      new Webhook(agent.callback_secret).sign(String(headers['webhook-id']), at, body),
    )
  }
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3)
  expect((await agent.get(id)).callback).toEqual({ status: 'delivered', attempts: 3 })
})

test('Retry-After is waited for where it is longer than the schedule, and does not shorten it', async () => {
  const receiver = await server(status(503, { 'retry-after': '900' }))
  const id = await askToBeDenied(agent, receiver.url)
  await desk.settle()
  const asked = await lastTry(desk, id)
  expect(new Date(asked.data.next_at ?? '').getTime() - new Date(asked.at).getTime()).toBe(15 * minute)

  receiver.answer(status(429, { 'retry-after': '1' }))
  await moveTo(desk, asked.data.next_at)
  const hurried = await lastTry(desk, id)
  const waited = new Date(hurried.data.next_at ?? '').getTime() - new Date(hurried.at).getTime()
  expect(waited).toBeGreaterThanOrEqual(0.8 * 30 * second)
})

test('410 is failed at once, and never tried again', async () => {
  const receiver = await server(status(410))
  const id = await askToBeDenied(agent, receiver.url)
  await desk.settle()
  await desk.advance('10d')
  expect((await triesOf(desk, id)).map(({ data }) => data)).toMatchObject([
    { outcome: 'gone', status: 410, next_at: null, callback_status: 'failed' },
  ])
  expect(receiver.received).toHaveLength(1)
})

test('a redirect is not followed: it is a failed try', async () => {
  const elsewhere = await server(status(200))
  const receiver = await server(status(307, { location: elsewhere.url }))
  const id = await askToBeDenied(agent, receiver.url)
  await desk.settle()
  const { data } = await lastTry(desk, id)
  expect(data).toMatchObject({ outcome: 'retry', status: 307, error: 'redirect not followed' })
  await moveTo(desk, data.next_at)
  expect(receiver.received).toHaveLength(2)
  expect(elsewhere.received).toEqual([])
})

test('a target that may not be called gets nothing, is audited, and is tried again', async () => {
  // Loopback by another name than the one that CALLBACK_ALLOWED_HOSTS has.
  const receiver = await server(status(200))
  const id = await askToBeDenied(agent, receiver.url.replace('127.0.0.1', 'localhost'))
  await desk.settle()
  const first = await lastTry(desk, id)
  expect(first.data).toMatchObject({ outcome: 'refused', status: null, callback_status: 'pending' })
  expect(first.data.error).not.toBeNull()
  await moveTo(desk, first.data.next_at)
  expect((await lastTry(desk, id)).data).toMatchObject({ attempt: 2, outcome: 'refused' })
  expect(receiver.received).toEqual([])
})

test('a server that hangs, with more callbacks than there are hands, holds up no other agent', async () => {
  const hung: ServerResponse[] = []
  const dead = await server((res) => void hung.push(res))
  const healthy = await server(status(200))
  const other = await desk.agent('healthy-bot')

  const waiting = await Promise.all(Array.from({ length: 100 }, () => askToBeDenied(agent, dead.url)))
  await dead.nth(1)
  const id = await askToBeDenied(other, healthy.url)
  const { body } = await healthy.nth(1)
  expect(body).toContain(id)
  // At most so many at once, and not one of them has been answered yet.
  expect(hung.length).toBeLessThanOrEqual(4)
  expect((await Promise.all(waiting.map((each) => agent.get(each)))).map(({ callback }) => callback)).toEqual(
    waiting.map(() => ({ status: 'pending', attempts: 0 })),
  )

  dead.answer(status(200))
  for (const res of hung) res.end()
  // Each of the others has a place in the endpoint's queue: they come as it takes them.
  for (let round = 0; round < 15; round++) await desk.advance('1m')
  for (const each of waiting) expect((await agent.get(each)).callback.status).toBe('delivered')
})
