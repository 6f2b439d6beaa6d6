import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What a rule may require of those who ask, and of those who approve.

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_BOB, U_ERIN]}
defaults:
  stages: [{role: finance}]
rules:
  - name: payouts
    when: action.tool == "payout"
    require_reason: true
    stages: [{role: finance, approvals: 2}]
  - name: on-behalf
    when: action.tool == "account.close"
    require_on_behalf_of: true
`

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('payout-bot')
})
afterAll(() => desk.close())

async function approveWhy(who: string, id: string, why: string) {
  const { channel, ts } = await desk.card(id)
  await desk.slack.sandbox.act({ do: 'click', as: who, channel, ts, action_id: 'approve_with_reason' })
  const form = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === who))
  const values = { reason: { reason: { type: 'plain_text_input', value: why } } }
  return desk.slack.sandbox.act({ do: 'submit', as: who, view_id: form.id, values })
}

test('Approve asks why, and the answer stands on the card, with the agent and in the audit', async () => {
  const { id } = await agent.ask({ tool: 'payout', summary: 'Pay the supplier' })
  await approveWhy('U_BOB', id, 'Seen the invoice')
  expect(JSON.stringify((await desk.card(id)).blocks)).toContain('“Seen the invoice”')
  await approveWhy('U_ERIN', id, 'Matches the order')
  await desk.settle()
  expect(await agent.get(id)).toMatchObject({
    status: 'approved',
    stages: [{ votes: [{ comment: 'Seen the invoice' }, { comment: 'Matches the order' }] }],
    decision: { reason: 'Matches the order' },
  })
  const told = JSON.stringify((await desk.command('U_ALICE', `audit ${id}`)).blocks)
  expect(told).toContain('clicked approve at stage 1 and was shown the form')
  expect(told).toMatch(/Bob.* voted approve at stage 1.*: “Seen the invoice”/)
})

test('without an answer nothing is approved', async () => {
  const { id } = await agent.ask({ tool: 'payout' })
  const refused = await approveWhy('U_BOB', id, '   ')
  expect(JSON.stringify(refused)).toContain('Say why')
  expect((await agent.get(id)).stages[0]?.votes).toEqual([])
})

test('a request that does not say who asked is rejected at once, and may be made again', async () => {
  const refused = await agent.ask({ tool: 'account.close' })
  expect(refused).toMatchObject({
    status: 'rejected',
    policy: { rule: 'on-behalf', effect: 'deny' },
    stages: [],
    decision: {
      by: { type: 'policy', rule: 'on-behalf' },
      reason: expect.stringContaining('on_behalf_of is missing: rule on-behalf needs'),
      retry: 'after_change',
    },
  })
  const again = await agent.ask({ tool: 'account.close' }, { on_behalf_of: 'U_CAROL', retry_of: refused.id })
  expect(again).toMatchObject({ status: 'pending', on_behalf_of: 'U_CAROL' })
})
