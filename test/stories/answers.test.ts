import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openSeat, type Seat } from '../desk/seat.ts'

// What an approver can answer beside yes and no, in a browser as they see it.

const policy = storyPolicy.replace(
  'defaults:\n',
  `defaults:
  reject_reasons:
    - {reason: Not a customer of ours, retry: never}
    - {reason: The amount is wrong, retry: after_change}
    - {reason: Ask me on Monday}
`,
)

let desk: Desk
let agent: TestAgent
let seat: Seat
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('refund-bot')
  seat = await openSeat(desk)
}, 120_000)
afterAll(async () => {
  await seat?.close()
  await desk?.close()
})

const refund = {
  tool: 'stripe.refund',
  arguments: { charge: 'ch_1', amount: 240, currency: 'USD' },
  summary: 'Refund $240 to order 1881',
}

async function ask(more: object = {}) {
  const asked = await agent.ask(refund, { callback: { url: desk.receiver.url }, ...more })
  await desk.settle()
  return asked
}

/** The newest callback about a request, as its agent gets it. */
async function calledBack(id: string) {
  await desk.settle()
  const body = desk.receiver.received.findLast((one) => one.body.includes(id))?.body ?? '{}'
  return JSON.parse(body) as { type: string; data: object }
}

test('Approve takes one click, and with a note two', async () => {
  const quick = await ask()
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.press(seat.card(quick.id), /^Approve/)
  await seat.card(quick.id).getByText('✅ Approved').waitFor()
  expect(await agent.get(quick.id)).toMatchObject({ status: 'approved', decision: { reason: null } })

  const noted = await ask()
  await seat.choose(seat.card(noted.id), 'Approve with a note…')
  const form = seat.dialog('Approve the request')
  await form.getByLabel('Note').fill('Checked against the bank statement')
  await seat.picture('approve-with-a-note')
  await form.getByRole('button', { name: 'Approve' }).click()
  await seat.card(noted.id).getByText('Checked against the bank statement').waitFor()
  const reason = 'Checked against the bank statement'
  expect(await calledBack(noted.id)).toMatchObject({
    type: 'approval.approved',
    data: { decision: { reason } },
  })

  const silent = await ask()
  await seat.choose(seat.card(silent.id), 'Approve with a note…')
  await form.getByRole('button', { name: 'Approve' }).click()
  await seat.card(silent.id).getByText('✅ Approved').waitFor()
  expect(await agent.get(silent.id)).toMatchObject({ status: 'approved', decision: { reason: null } })
}, 60_000)

test('Reject offers the policy’s reasons, and tells the agent whether to ask again', async () => {
  const asked = await ask()
  await seat.be('U_ERIN', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Reject/)
  const form = seat.dialog('Reject the request')
  await form.getByLabel('The amount is wrong').check()
  await form.getByLabel('In your own words').fill('It was 24, not 240')
  await seat.picture('reject-reasons')
  await form.getByRole('button', { name: 'Reject' }).click()
  await seat.card(asked.id).getByText('the agent may ask again with something changed').waitFor()
  await seat.picture('rejected-with-reason')
  const decision = { reason: 'The amount is wrong: It was 24, not 240', retry: 'after_change' }
  expect(await calledBack(asked.id)).toMatchObject({ type: 'approval.rejected', data: { decision } })
  expect(await agent.get(asked.id)).toMatchObject({ decision })

  const never = await ask()
  await seat.press(seat.card(never.id), /^Reject/)
  await form.getByLabel('Not a customer of ours').check()
  await form.getByRole('button', { name: 'Reject' }).click()
  await seat.card(never.id).getByText('the agent is told not to ask again').waitFor()
  expect(await agent.get(never.id)).toMatchObject({
    decision: { reason: 'Not a customer of ours', retry: 'never' },
  })
}, 60_000)

test('another reason has to be given in words', async () => {
  const asked = await ask()
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Reject/)
  const form = seat.dialog('Reject the request')
  await form.getByLabel('Another reason').check()
  await form.getByRole('button', { name: 'Reject' }).click()
  await form.getByText('Say why, so that the agent and your colleagues know.').waitFor()
  await form.getByLabel('In your own words').fill('It smells of fish')
  await form.getByRole('button', { name: 'Reject' }).click()
  await seat.card(asked.id).getByText('It smells of fish').waitFor()
  expect(await agent.get(asked.id)).toMatchObject({ decision: { reason: 'It smells of fish', retry: null } })
}, 60_000)
