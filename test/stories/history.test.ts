import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Rules that look at what was allowed before, on two replicas and the real database.

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_ALICE, S_FINANCE]}
defaults: {stages: [{role: finance, approvals: 1}]}
history:
  refunded_today: {sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 24h}
rules:
  - name: daily-refund-limit
    when: action.tool == "stripe.refund" && history.refunded_today + action.arguments.amount > 1000
    stages: [{role: finance, approvals: 1}]
    expires_in: 2h
  - name: refunds
    when: action.tool == "stripe.refund" && action.arguments.amount > 0
    effect: allow
`

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ policy })
})
afterAll(() => desk.close())

const refund = (amount: unknown) => ({ tool: 'stripe.refund', arguments: { amount } })

test('two requests at once, through two replicas, a hundred times: exactly one slips under the limit', async () => {
  const other = await desk.replica()
  for (let round = 0; round < 100; round++) {
    const here = await desk.agent(`racer-${round}`)
    const there = createAgent(other.url, here)
    const asked = await Promise.all([here.ask(refund(600)), there.ask(refund(600))])
    const came_to = asked.map(({ status, policy: { rule } }) => `${status} by ${rule}`)
    expect(new Set(came_to)).toEqual(new Set(['approved by refunds', 'pending by daily-refund-limit']))
  }
})
