import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk()
  agent = await desk.agent('wild-bot')
})
afterEach(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const read = { tool: 'read.order' }
const typed = async (who: string, text: string) => JSON.stringify(await desk.command(who, text))
const types = async (id: string) => (await desk.audit(id)).map(({ type }) => type)
const said = (channel: string) =>
  desk.slack.sandbox
    .snapshot()
    .messages.filter(
      (message) => message.channel === channel && message.metadata?.event_type === 'countersign_freeze',
    )
    .map(({ text }) => text)

test('the kill switch: new requests are rejected, waiting ones cannot be approved, what could still run is withdrawn', async () => {
  const callback = { url: desk.receiver.url }
  const waiting = await agent.ask(refund)
  const allowed = await agent.ask(read, { callback })
  const approved = await agent.ask(refund, { callback })
  const card = await desk.card(waiting.id)
  await desk.click('U_BOB', 'approve', await desk.card(approved.id))
  await desk.settle()

  // The card that somebody looks at may be an older one.
  const outage = desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.update' })
  const answer = await typed('U_ALICE', 'freeze all keys have leaked')
  expect(answer).toContain('Everything is frozen')
  const other = createAgent((await desk.replica()).url, agent)
  for (const action of [refund, read])
    expect(await other.ask(action)).toMatchObject({
      status: 'rejected',
      decision: { by: { type: 'freeze' }, reason: 'keys have leaked' },
    })
  await desk.click('U_BOB', 'approve', card)
  expect(await desk.told('U_BOB', /frozen/)).toContain('keys have leaked')
  desk.slack.sandbox.clearFaults(outage)
  await desk.advance('5m')

  for (const { id } of [allowed, approved]) {
    expect(await agent.get(id)).toMatchObject({
      status: 'approved',
      effective_action: null,
      withdrawn: { by: { type: 'freeze' }, reason: 'keys have leaked' },
      callback: { status: 'delivered' },
    })
    expect((await types(id)).filter((type) => type === 'approval.withdrawn')).toHaveLength(1)
  }
  const told = desk.receiver.received.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { id: string } },
  )
  expect(
    told
      .filter(({ type }) => type === 'approval.withdrawn')
      .map(({ data }) => data.id)
      .sort(),
  ).toEqual([allowed.id, approved.id].sort())
  const shown = await desk.card(waiting.id)
  expect(JSON.stringify(shown.blocks)).toContain('Frozen')
  expect(JSON.stringify(shown.blocks)).not.toContain('"approve"')
  for (const channel of ['C_FINANCE', 'C_PLATFORM'])
    expect(said(channel)).toEqual([expect.stringContaining('keys have leaked')])

  expect((await desk.reject('U_BOB', shown, 'not now')).ok).toBe(true)
  expect((await agent.get(waiting.id)).status).toBe('rejected')
})

test('deadlines stand still, and get exactly the frozen time back', async () => {
  const { id, expires_at } = await agent.ask(refund)
  await desk.card(id)
  await desk.advance('50m')
  await typed('U_ALICE', 'freeze All')
  await desk.advance('3h')
  expect((await agent.get(id)).status).toBe('pending')
  expect(await typed('U_ALICE', 'freeze')).toContain('frozen already')
  expect(await typed('U_ALICE', 'unfreeze')).toContain('is lifted')
  await desk.settle()
  expect(said('C_FINANCE')).toHaveLength(2)

  const later = await agent.get(id)
  expect(Date.parse(later.expires_at) - Date.parse(expires_at)).toBe(3 * 3_600_000)
  expect(JSON.stringify((await desk.card(id)).blocks)).toContain('"approve"')
  await desk.advance('9m')
  expect((await agent.get(id)).status).toBe('pending')
  await desk.advance('1m')
  expect((await agent.get(id)).status).toBe('expired')
  expect(await types(id)).toEqual(
    expect.arrayContaining(['approval.frozen', 'approval.thawed', 'approval.expired']),
  )
})

test('one agent is frozen and the others go on; who may not, cannot', async () => {
  const calm = await desk.agent('calm-bot')
  expect(await typed('U_BOB', 'freeze')).toContain('There is nothing called')
  expect(await typed('U_ALICE', 'freeze wild-boat')).toContain('There is no agent called wild-boat')
  expect(await commandLine(desk, 'freeze', '--agent', 'wild-bot', '--reason', 'odd', '--json')).toMatchObject(
    {
      code: 0,
      json: { agent: 'wild-bot' },
    },
  )
  expect((await agent.ask(read)).status).toBe('rejected')
  expect((await calm.ask(read)).status).toBe('approved')
  expect(await typed('U_ALICE', 'unfreeze')).toContain('Frozen now: wild-bot (odd)')
  expect(await commandLine(desk, 'unfreeze', 'wild-bot')).toMatchObject({ code: 0 })
  expect((await agent.ask(read)).status).toBe('approved')
  const { rows } = await desk.app.ground.database.pool.query<{ body: string }>(
    `select body from event where type like 'freeze.%' order by id`,
  )
  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { type: 'freeze.started', actor: { type: 'operator' }, data: { agent: 'wild-bot', reason: 'odd' } },
    { type: 'freeze.lifted', actor: { type: 'operator' } },
  ])
})

test('votes and requests that race a freeze, thirty times: nothing is approved and neither refused nor withdrawn', async () => {
  const replica = createAgent((await desk.replica()).url, agent)
  for (let round = 0; round < 30; round++) {
    const { id } = await agent.ask(refund)
    const card = await desk.card(id)
    const admin = desk.app.ground.admin
    const [, , asked] = await Promise.all([
      desk.click('U_BOB', 'approve', card),
      admin.freeze({ agent: null, reason: `round ${round}` }, { type: 'operator' }),
      replica.ask(read),
    ])
    await desk.settle()
    for (const one of [await agent.get(id), await agent.get(asked.id)])
      expect(one.status === 'approved' && one.withdrawn === null).toBe(false)
    await admin.unfreeze({ agent: null }, { type: 'operator' })
    await desk.settle()
  }
}, 120_000)
