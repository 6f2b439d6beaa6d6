import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 240 }, summary: 'Refund $240' }
const text = (message: object) => JSON.stringify(message)

test('an agent asks, Bob approves, and the agent is told by a callback that verifies', async () => {
  const agent = await desk.agent('refund-bot')

  const asked = await agent.ask(refund, { callback: { url: desk.receiver.url }, state: { cursor: [1, 2] } })
  expect(asked).toMatchObject({
    status: 'pending',
    policy: { rule: 'refunds' },
    stages: [{ role: 'finance', status: 'open' }],
  })

  const card = await desk.card(asked.id)
  expect(card.channel).toBe('C_FINANCE')
  for (const shown of ['stripe.refund', '240', 'refund-bot', 'U_DAVE', 'refunds', 'Approve', 'Reject'])
    expect(text(card)).toContain(shown)

  const waiting = agent.get(asked.id, '?wait=25')
  expect(await desk.click('U_BOB', 'approve', card)).toMatchObject({ ok: true })
  expect(await waiting).toMatchObject({
    status: 'approved',
    state: { cursor: [1, 2] },
    decision: { by: { type: 'human', slack_user_id: 'U_BOB', name: 'Bob Brandt' } },
    effective_action: {
      tool: 'stripe.refund',
      digest: asked.action_digest,
      edited: false,
      valid_until: '2026-03-02T11:00:00.000Z',
    },
  })

  await desk.settle()
  const { headers, body } = await desk.receiver.nth(1)
  expect(JSON.parse(body)).toMatchObject({
    type: 'approval.approved',
    data: { id: asked.id, status: 'approved' },
  })
  // Signed anew by an independent implementation: its `verify` looks at the machine's clock, which the story does not move.
  const id = String(headers['webhook-id'])
  expect(headers['webhook-signature']).toBe(
    new Webhook(agent.callback_secret).sign(id, desk.clock.now(), body),
  )

  const resolved = await desk.card(asked.id)
  expect(text(resolved)).toContain('Approved')
  expect(text(resolved)).toContain('Bob Brandt')
  expect(resolved.blocks.some((block) => block.type === 'actions')).toBe(false)
  expect((await agent.get(asked.id)).callback).toEqual({ status: 'delivered', attempts: 1 })

  const audit = await desk.audit(asked.id)
  expect(audit.map((event) => event.type)).toEqual([
    'approval.requested',
    'card.posted',
    'vote.cast',
    'stage.met',
    'approval.approved',
    expect.stringMatching(/card.updated|callback.tried/),
    expect.stringMatching(/card.updated|callback.tried/),
  ])
  expect(audit.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('a rejection asks for the reason, and the card says who, when and why', async () => {
  const agent = await desk.agent('rejected-bot')
  const asked = await agent.ask(refund)
  const card = await desk.card(asked.id)

  expect(await desk.reject('U_ERIN', card, 'The customer was *not* charged twice')).toMatchObject({
    ok: true,
  })
  expect(await agent.get(asked.id)).toMatchObject({
    status: 'rejected',
    decision: { by: { slack_user_id: 'U_ERIN' }, reason: 'The customer was *not* charged twice' },
    effective_action: null,
  })
  const resolved = text(await desk.card(asked.id))
  expect(resolved).toContain('Erin Eze')
  expect(resolved).toContain('The customer was *not* charged twice')
})

test('an agent with nothing to say for itself still gets its card', async () => {
  const agent = await desk.agent('silent-bot')
  const asked = await agent.ask({ ...refund, summary: '', justification: ' \n' })
  expect(asked.action).toMatchObject({ summary: null, justification: null })
  expect(text(await desk.card(asked.id))).toContain('stripe.refund')
})

test('the policy allows and denies at once, and nobody is shown a card', async () => {
  const agent = await desk.agent('reader-bot')
  expect(await agent.ask({ tool: 'read.orders' })).toMatchObject({
    status: 'approved',
    decision: { by: { type: 'policy', version: 1, rule: 'reads' } },
    stages: [],
  })
  const denied = await agent.ask(
    { tool: 'sql.execute', arguments: { query: 'Drop  table'.replace('  ', ' ') } },
    { callback: { url: desk.receiver.url } },
  )
  expect(denied).toMatchObject({
    status: 'rejected',
    decision: { reason: 'Schema changes go through migrations' },
  })
  await desk.settle()
  expect(desk.slack.sandbox.snapshot().messages.filter((m) => text(m).includes(denied.id))).toEqual([])
  expect(
    desk.receiver.received.some(({ body }) => body.includes(denied.id) && body.includes('approval.rejected')),
  ).toBe(true)
})

test('two stages: the second card is posted when the first is met, and the first says so', async () => {
  const agent = await desk.agent('migrating-bot', 'U_ALICE')
  const asked = await agent.ask({ tool: 'prod.migrate', arguments: { version: 7 } })
  const first = await desk.card(asked.id, 0)
  await desk.click('U_CAROL', 'approve', first)
  const second = await desk.card(asked.id, 1)
  expect(second.channel).toBe('C_FINANCE')
  expect(await agent.get(asked.id)).toMatchObject({
    status: 'pending',
    stages: [{ status: 'met' }, { status: 'open' }],
  })
  expect((await desk.card(asked.id, 0)).blocks.some((block) => block.type === 'actions')).toBe(false)
  await desk.click('U_BOB', 'approve', second)
  expect(await agent.get(asked.id)).toMatchObject({ status: 'approved' })
})

test('silence ends as expired, or as rejected where the policy says so, and a late click counts for nothing', async () => {
  const agent = await desk.agent('patient-bot')
  const expiring = await agent.ask(refund, { expires_in: '10m' })
  const rejecting = await agent.ask({ tool: 'mail.send' })
  const card = await desk.card(expiring.id)
  await desk.advance('9m')
  expect((await agent.get(expiring.id)).status).toBe('pending')
  // Slack does not take the change of the card: Bob still sees its buttons.
  desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'chat.update', times: 1 })
  await desk.advance('1m')
  expect(await agent.get(expiring.id)).toMatchObject({
    status: 'expired',
    decision: { by: { type: 'timeout' } },
  })
  expect(await desk.click('U_BOB', 'approve', card)).toMatchObject({ ok: true })
  expect((await agent.get(expiring.id)).status).toBe('expired')
  expect(
    (await desk.audit(expiring.id)).flatMap((event) =>
      event.type === 'click.refused' ? event.data.because : [],
    ),
  ).toEqual(['decided'])
  await desk.advance('50m')
  expect(await agent.get(rejecting.id)).toMatchObject({
    status: 'rejected',
    decision: { by: { type: 'timeout' } },
  })
})
