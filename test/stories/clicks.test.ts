import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SeenApproval, TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Who may click is decided here, not by who can see the button.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('clicked-bot')
})
afterAll(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }

async function refusals(id: string) {
  return (await desk.audit(id))
    .filter((event) => event.type === 'click.refused')
    .map((event) => event.data.because)
}

async function expectRefused(who: string, asked: SeenApproval, because: string, words: RegExp) {
  await desk.click(who, 'approve', await desk.card(asked.id))
  expect((await agent.get(asked.id)).status).toBe('pending')
  expect(await refusals(asked.id)).toContain(because)
  await desk.told(who, words)
}

test('somebody who is not in the role is told so, alone', async () => {
  const asked = await agent.ask(refund)
  await expectRefused('U_CAROL', asked, 'not_in_role', /Only members of finance/)
  for (const other of ['U_BOB', 'U_ALICE']) expect(desk.toldPrivately(other)).toEqual([])
})

test('the one who asked may not approve, but may reject', async () => {
  const asked = await agent.ask(refund, { on_behalf_of: 'U_BOB' })
  await expectRefused('U_BOB', asked, 'own_request', /nobody approves their own request/)
  await desk.reject('U_BOB', await desk.card(asked.id), 'I was wrong')
  expect((await agent.get(asked.id)).status).toBe('rejected')
})

test('the owner of the agent may not approve', async () => {
  const owned = await desk.agent('bobs-bot', 'U_BOB')
  const asked = await owned.ask(refund)
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  expect(await refusals(asked.id)).toEqual(['own_agent'])
})

test('nobody counts twice: two approvals mean two people', async () => {
  const asked = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 2400.5 } })
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  await expectRefused('U_BOB', asked, 'voted_already', /different people/)
  await desk.click('U_ERIN', 'approve', await desk.card(asked.id))
  expect((await agent.get(asked.id)).status).toBe('approved')
})

test('whoever approved and thinks again can still reject while it is pending', async () => {
  const asked = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 5000 } })
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  await desk.reject('U_BOB', await desk.card(asked.id), 'Wrong order')
  expect(await agent.get(asked.id)).toMatchObject({
    status: 'rejected',
    decision: { by: { slack_user_id: 'U_BOB' } },
  })
})

test('a click on a decided card says who decided', async () => {
  const asked = await agent.ask(refund)
  const card = await desk.card(asked.id)
  // Slack delivers the click although the card has changed meanwhile: two people were looking at it.
  desk.slack.sandbox.inject({ kind: 'delay', ms: 300, method: 'chat.update', times: 1 })
  await desk.click('U_BOB', 'approve', card)
  await desk.click('U_ERIN', 'approve', card)
  expect(await refusals(asked.id)).toEqual(['decided'])
  await desk.told('U_ERIN', /already approved by Bob Brandt/)
})

test('a click on the card of an earlier stage is stale', async () => {
  const owned = await desk.agent('stale-bot', 'U_ALICE')
  const asked = await owned.ask({ tool: 'prod.migrate' })
  const card = await desk.card(asked.id)
  desk.slack.sandbox.inject({ kind: 'delay', ms: 300, method: 'chat.update', times: 1 })
  await desk.click('U_CAROL', 'approve', card)
  await desk.click('U_DAVE', 'approve', card)
  expect(await refusals(asked.id)).toEqual(['stale'])
  expect((await agent.get(asked.id)).stages).toBeUndefined()
  expect((await owned.get(asked.id)).stages.map((stage) => stage.votes.length)).toEqual([1, 0])
})

test('membership is judged again when the form comes back', async () => {
  const asked = await agent.ask(refund)
  const card = await desk.card(asked.id)
  const modal = await desk.openForm('U_BOB', card)
  if (typeof modal === 'string') throw new Error(modal)
  desk.slack.sandbox.edit.setGroup('S_FINANCE', ['U_ERIN'])
  desk.clock.move(60_001)
  const values = { reason: { reason: { type: 'plain_text_input', value: 'no' } } }
  await desk.slack.sandbox.act({ do: 'submit', as: 'U_BOB', view_id: modal.id, values })
  expect((await agent.get(asked.id)).status).toBe('pending')
  expect(await refusals(asked.id)).toEqual(['not_in_role'])
  expect(JSON.stringify(desk.slack.sandbox.snapshot().modals)).toContain('You had written: no')
  desk.slack.sandbox.edit.setGroup('S_FINANCE', ['U_BOB', 'U_ERIN'])
  desk.clock.move(60_001)
})

describe('where membership cannot be read', () => {
  test('nobody may vote, and the person is told to try again', async () => {
    const asked = await agent.ask(refund)
    const card = await desk.card(asked.id)
    // What was read when the card was posted is too old now.
    desk.clock.move(60_001)
    desk.slack.sandbox.inject({
      kind: 'slack_error',
      error: 'fatal_error',
      method: 'usergroups.users.list',
      times: 2,
    })
    await desk.click('U_BOB', 'approve', card)
    await desk.click('U_ALICE', 'approve', card)
    expect(await refusals(asked.id)).toEqual(['membership_unreadable', 'membership_unreadable'])
    await desk.told('U_BOB', /Nothing was changed; try again/)
    await desk.click('U_BOB', 'approve', card)
    expect((await agent.get(asked.id)).status).toBe('approved')
  })
})

test('somebody of another workspace in a shared channel never approves', async () => {
  const asked = await agent.ask(refund)
  const card = await desk.card(asked.id)
  desk.slack.sandbox.edit.makeStranger('U_ERIN', 'T_ELSEWHERE')
  await desk.click('U_ERIN', 'approve', card)
  expect(await refusals(asked.id)).toEqual(['not_in_role'])
})
