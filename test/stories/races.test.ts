import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('racing-bot')
})
afterAll(() => desk.close())

const types = async (id: string) => (await desk.audit(id)).map((event) => event.type)

test('two approvers click in the same instant, forty times over: one decision each, both clicks in the audit', async () => {
  for (let round = 0; round < 40; round++) {
    const asked = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 10, round } })
    const card = await desk.card(asked.id)
    const clicks = await Promise.all([
      desk.click('U_BOB', 'approve', card),
      desk.click('U_ERIN', 'approve', card),
    ])
    // Slack itself may refuse the second, when the card is redrawn without its buttons before it is sent.
    const sent = clicks.filter((click) => click.ok).length
    const seen = await types(asked.id)
    expect(seen.filter((type) => type === 'approval.approved')).toHaveLength(1)
    expect(seen.filter((type) => type === 'vote.cast')).toHaveLength(1)
    expect(seen.filter((type) => type === 'vote.cast' || type === 'click.refused')).toHaveLength(sent)
    expect(sent).toBe(2)
  }
  const names = { U_BOB: 'Erin Eze', U_ERIN: 'Bob Brandt' }
  const told = Object.entries(names).map(([who, other]) => {
    const words = desk.toldPrivately(who)
    for (const each of words)
      expect(each).toContain(`already approved by ${other}. Your click changed nothing.`)
    return words.length
  })
  expect(told[0]! + told[1]!).toBeGreaterThanOrEqual(40)
})

test('an approval and a rejection in the same instant: one of them, never both', async () => {
  for (let round = 0; round < 10; round++) {
    const asked = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 10 } })
    const card = await desk.card(asked.id)
    await Promise.all([
      desk.click('U_BOB', 'approve', card),
      desk.reject('U_ERIN', card, 'no'),
      agent.send('POST', `/v1/approvals/${asked.id}/cancel`, {}),
    ])
    const ends = (await types(asked.id)).filter((type) =>
      /^approval\.(approved|rejected|cancelled|expired)$/.test(type),
    )
    expect(ends).toHaveLength(1)
    expect((await agent.get(asked.id)).status).toBe(ends[0]!.slice('approval.'.length))
  }
})

test('fifty equal requests at the same moment: one approval, one card, fifty equal answers', async () => {
  const body = { action: { tool: 'stripe.refund', arguments: { amount: 50 } } }
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      agent.send('POST', '/v1/approvals', body, { 'idempotency-key': 'order-1' }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(
    answers.filter(({ status, headers }) => status === 200 && headers.get('idempotent-replayed') === 'true'),
  ).toHaveLength(49)
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  const { id } = answers[0]!.body
  await desk.settle()
  expect(
    desk.slack.sandbox
      .snapshot()
      .messages.filter((message) => message.metadata?.event_payload.approval_id === id),
  ).toHaveLength(1)
  expect(await types(id)).toEqual(['approval.requested', 'card.posted'])
  expect(
    (
      await agent.send(
        'POST',
        '/v1/approvals',
        { action: { tool: 'other' } },
        { 'idempotency-key': 'order-1' },
      )
    ).status,
  ).toBe(409)
})

test('a wait is woken by a decision that was made through another replica', async () => {
  const other = await desk.replica()
  const asked = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 10 } })
  const waiting = agent.get(asked.id, '?wait=60')
  const known = (await other.ground.flow.agents.authenticate(agent.api_key))!
  expect(await other.ground.flow.agents.cancel(known, asked.id, 'not needed any more')).toMatchObject({
    kind: 'cancelled',
  })
  expect(await waiting).toMatchObject({
    status: 'cancelled',
    decision: { reason: 'not needed any more', by: { type: 'agent' } },
  })
})
