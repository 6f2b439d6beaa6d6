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

/** The thread below a card, once it is open. */
async function thread(id: string) {
  await seat.card(id).getByRole('button', { name: /repl/ }).click()
  return seat.page.getByRole('complementary', { name: 'Thread' })
}

/** What was posted with a ping for somebody. */
const pings = (who: string) =>
  desk.slack.sandbox.calls('chat.postMessage').filter(({ args }) => String(args.text).includes(`<@${who}>`))

test('Ask: the agent is called, its answer comes into the thread and pings who asked, once', async () => {
  const asked = await ask()
  await seat.be('U_ERIN', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Ask/)
  const form = seat.dialog('Ask the agent')
  await form.getByLabel('Your question').fill('Which of the *two* charges?')
  await seat.picture('ask-modal')
  await form.getByRole('button', { name: 'Ask' }).click()
  await seat.card(asked.id).getByText('❓ Not answered yet').waitFor()
  await seat.picture('ask-open')

  const { type, data } = await calledBack(asked.id)
  expect(type).toBe('approval.question')
  expect(data).toMatchObject({
    id: asked.id,
    status: 'pending',
    question: {
      id: expect.stringMatching(/^qst_/),
      text: 'Which of the *two* charges?',
      by: { slack_user_id: 'U_ERIN', name: 'Erin Eze' },
    },
  })
  const { id: question_id } = (data as { question: { id: string } }).question

  const answers = `/v1/approvals/${asked.id}/answers`
  const text = 'The *second*. <!channel> \u202Eevil ✅ Approved by Alice'
  const first = await agent.send('POST', answers, { question_id, text })
  expect(first).toMatchObject({ status: 200, body: { id: asked.id, status: 'pending' } })
  expect(await agent.send('POST', answers, { question_id, text })).toMatchObject({ status: 200 })
  expect(await agent.send('POST', answers, { question_id, text: 'The first' })).toMatchObject({
    status: 409,
    body: { type: 'urn:countersign:problem:question-answered' },
  })
  expect((await agent.send('POST', answers, { question_id: 'qst_0', text })).status).toBe(404)
  const stranger = await desk.agent('another-bot')
  expect((await stranger.send('POST', answers, { question_id, text })).status).toBe(404)
  await desk.settle()

  await seat.card(asked.id).getByText('The agent has answered a question, see the thread').waitFor()
  const replies = await thread(asked.id)
  await replies.getByText('⟨U+202E⟩evil').waitFor()
  await seat.picture('ask-answered')
  expect(pings('U_ERIN')).toHaveLength(1)
  const posted = JSON.stringify(pings('U_ERIN')[0]?.args)
  expect(posted).toContain('rich_text_quote')

  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  expect(await agent.send('POST', answers, { question_id, text })).toMatchObject({ status: 200 })
}, 60_000)

test('a question to an agent that cannot be called goes to its owner, and what comes too late is refused', async () => {
  const asked = await agent.ask(refund)
  await desk.settle()
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Ask/)
  const form = seat.dialog('Ask the agent')
  await form.getByText(/its owner gets your question instead/).waitFor()
  await form.getByLabel('Your question').fill('Who says so?')
  // Meanwhile it is decided.
  await desk.click('U_ERIN', 'approve', await desk.card(asked.id))
  await form.getByRole('button', { name: 'Ask' }).click()
  await seat.page
    .getByRole('dialog', { name: 'Nothing was changed' })
    .getByText('You had asked: Who says so?')
    .waitFor()
  await seat.dialog('Nothing was changed').getByRole('button', { name: 'Close' }).last().click()

  const open = await agent.ask(refund)
  await desk.settle()
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.press(seat.card(open.id), /^Ask/)
  await form.getByLabel('Your question').fill('Who says so?')
  await form.getByRole('button', { name: 'Ask' }).click()
  await seat.card(open.id).getByText('❓ Not answered yet').waitFor()
  await desk.settle()
  const direct = desk.slack.sandbox.calls('chat.postMessage').filter(({ args }) => args.channel === 'U_DAVE')
  expect(JSON.stringify(direct.at(-1)?.args)).toMatch(/Bob Brandt has a question about.*Who says so\?/)
  const question_id = (await desk.audit(open.id)).flatMap((event) =>
    event.type === 'question.asked' ? event.data.question_id : [],
  )[0]
  await agent.send('POST', `/v1/approvals/${open.id}/cancel`)
  expect(
    await agent.send('POST', `/v1/approvals/${open.id}/answers`, { question_id, text: 'I do' }),
  ).toMatchObject({
    status: 409,
    body: { type: 'urn:countersign:problem:already-decided', approval: { status: 'cancelled' } },
  })
}, 60_000)

test('Revoke: what was approved and has not begun to run is stopped, and its agent is told', async () => {
  const asked = await ask()
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  const approved = await agent.get(asked.id)
  const consume = (execution_id: string) =>
    agent.send('POST', '/v1/permits/consume', {
      permit: approved.permit,
      action: { tool: refund.tool, arguments: refund.arguments },
      execution_id,
    })

  // Dave is in no role of it.
  await seat.be('U_DAVE', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Revoke/)
  await seat.told(/Only members of finance, those who voted, and admins can revoke this/)

  await seat.be('U_ERIN', 'C_FINANCE')
  await seat.picture('revoke-button')
  await seat.press(seat.card(asked.id), /^Revoke/)
  const form = seat.dialog('Revoke the approval')
  await form.getByLabel('Why?').fill('The customer has called')
  await seat.picture('revoke-modal')
  await form.getByRole('button', { name: 'Revoke' }).click()
  await seat.card(asked.id).getByText('🛑 Withdrawn').waitFor()
  await seat.card(asked.id).getByText('The customer has called').waitFor()
  await seat.picture('revoked')

  expect(await calledBack(asked.id)).toMatchObject({
    type: 'approval.withdrawn',
    data: {
      status: 'approved',
      permit: null,
      effective_action: null,
      withdrawn: { by: { slack_user_id: 'U_ERIN' }, reason: 'The customer has called' },
    },
  })
  expect(await consume('exec_1')).toMatchObject({
    status: 403,
    body: { type: 'urn:countersign:problem:withdrawn' },
  })
}, 60_000)

test('what has begun to run has no Revoke any more, and a form that comes too late changes nothing', async () => {
  const asked = await ask()
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  const { permit } = await agent.get(asked.id)
  await seat.be('U_ALICE', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Revoke/)
  const form = seat.dialog('Revoke the approval')
  await form.getByLabel('Why?').fill('Too late')
  const { tool, arguments: given } = refund
  const began = { permit, action: { tool, arguments: given }, execution_id: 'exec_2' }
  expect((await agent.send('POST', '/v1/permits/consume', began)).status).toBe(200)
  await form.getByRole('button', { name: 'Revoke' }).click()
  await seat
    .dialog('Nothing was changed')
    .getByText(/It has begun to run/)
    .waitFor()
  await seat.dialog('Nothing was changed').getByRole('button', { name: 'Close' }).last().click()
  await seat.card(asked.id).getByText('Began to run').waitFor()
  expect(
    await seat
      .card(asked.id)
      .getByRole('button', { name: /^Revoke/ })
      .count(),
  ).toBe(0)
}, 60_000)

test('critical risk asks once more before an Approve counts, by the button and by the menu', async () => {
  const asked = await ask({ risk: 'critical' })
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.press(seat.card(asked.id), /^Approve/)
  const sure = seat.dialog('Approve what is of critical risk?')
  await sure.getByText(/Refund \$240 to order 1881/).waitFor()
  await seat.picture('critical-confirm')
  await sure.getByRole('button', { name: 'Back' }).click()
  await sure.waitFor({ state: 'detached' })
  expect((await agent.get(asked.id)).stages[0]?.votes).toEqual([])

  await seat.choose(seat.card(asked.id), 'Approve with a note…')
  const form = seat.dialog('Approve the request')
  await form.getByText(/Critical risk\. Once this is approved/).waitFor()
  await seat.picture('critical-form')
  await form.getByRole('button', { name: 'Back' }).click()
  expect((await agent.get(asked.id)).status).toBe('pending')

  await seat.press(seat.card(asked.id), /^Approve/)
  await sure.getByRole('button', { name: 'Approve' }).click()
  await seat.card(asked.id).getByText('✅ Approved').waitFor()
}, 60_000)

test('Assign: a colleague who may vote is pinged once in the thread, and everybody else may vote all the same', async () => {
  const asked = await ask()
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.choose(seat.card(asked.id), 'Assign to…')
  const form = seat.dialog('Assign the request')
  const choose = async (name: string) => {
    await form.getByLabel('To whom?').click()
    await seat.page.getByRole('option', { name }).click()
  }
  await choose('Carol')
  await form.getByRole('button', { name: 'Assign' }).click()
  await form.getByText(/Carol.* may not approve this: that takes a member of finance/).waitFor()
  await seat.picture('assign-refused')
  await choose('Erin Eze')
  await form.getByRole('button', { name: 'Assign' }).click()
  await seat.card(asked.id).getByText('👉 Assigned to').waitFor()
  await desk.settle()
  const replies = await thread(asked.id)
  await replies.getByText(/Bob Brandt asks you to decide this/).waitFor()
  await seat.picture('assigned')
  expect(pings('U_ERIN').filter(({ args }) => String(args.text).includes('asks you'))).toHaveLength(1)

  await desk.click('U_ALICE', 'approve', await desk.card(asked.id))
  expect(await agent.get(asked.id)).toMatchObject({ status: 'approved' })
  expect(JSON.stringify((await desk.card(asked.id)).blocks)).not.toContain('Assigned to')
}, 60_000)

test('I’m on it: the card says who, another takes it over, and it keeps nobody from anything', async () => {
  const asked = await ask()
  const card = () => seat.card(asked.id)
  await seat.be('U_BOB', 'C_FINANCE')
  await seat.choose(card(), 'I’m on it')
  await card()
    .getByText(/is on it, since/)
    .waitFor()
  await seat.picture('on-it')
  await seat.choose(card(), 'I’m on it')
  await seat.told(/The card says already that you are on it/)

  await seat.be('U_ERIN', 'C_FINANCE')
  await seat.choose(card(), 'I’m not on it any more')
  await seat.told(/The card does not say that you are on it/)
  await seat.choose(card(), 'I’m on it')
  await card().getByRole('link', { name: 'Erin Eze' }).waitFor()
  await seat.choose(card(), 'I’m not on it any more')
  await card()
    .getByText(/is on it, since/)
    .waitFor({ state: 'detached' })

  await seat.choose(card(), 'I’m on it')
  await card()
    .getByText(/is on it, since/)
    .waitFor()
  // Erin goes away, and Bob decides.
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  expect(await agent.get(asked.id)).toMatchObject({ status: 'approved' })
}, 60_000)

test('on a phone all of it is there', async () => {
  const asked = await ask({ risk: 'high' })
  await desk.settle()
  const phone = await openSeat(desk, { width: 390, height: 844 })
  try {
    await phone.be('U_BOB', 'C_FINANCE')
    await phone.choose(phone.card(asked.id), 'I’m on it')
    await phone
      .card(asked.id)
      .getByText(/is on it, since/)
      .waitFor()
    await phone.press(phone.card(asked.id), /^Ask/)
    await phone.dialog('Ask the agent').getByLabel('Your question').fill('Which one?')
    await phone.dialog('Ask the agent').getByRole('button', { name: 'Ask' }).click()
    await phone.card(asked.id).getByText('❓ Not answered yet').waitFor()
    await phone.picture('phone')
    await phone.press(phone.card(asked.id), /^Approve/)
    await phone.card(asked.id).getByText('✅ Approved').waitFor()
  } finally {
    await phone.close()
  }
}, 60_000)

test('the thread is the story: who voted, what was said, how it ended, what came of it', async () => {
  const asked = await agent.ask(
    { ...refund, arguments: { ...refund.arguments, amount: 2_400 }, summary: 'Refund $2,400' },
    { callback: { url: desk.receiver.url } },
  )
  const click = async (who: string, action: string) => desk.click(who, action, await desk.card(asked.id))
  await click('U_BOB', 'approve')
  await desk.command('U_ALICE', 'freeze refund-bot Looking into it')
  await desk.settle()
  await desk.command('U_ALICE', 'unfreeze refund-bot')
  await desk.settle()
  await click('U_ERIN', 'approve')
  await desk.settle()
  const { permit } = await agent.get(asked.id)
  const action = { tool: refund.tool, arguments: { ...refund.arguments, amount: 2_400 } }
  await agent.send('POST', '/v1/permits/consume', { permit, action, execution_id: 'story' })
  await agent.send('POST', `/v1/approvals/${asked.id}/outcome`, { status: 'succeeded' })
  await desk.settle()

  const lines = desk.slack.sandbox
    .calls('chat.postMessage')
    .filter(({ args }) => JSON.stringify(args.metadata ?? '').includes(asked.id) && args.thread_ts)
    .map(({ args }) => String(args.text))
  expect(lines).toEqual([
    '✓ Bob Brandt approved.',
    expect.stringMatching(/^🧊 Frozen: .*\nLooking into it$/),
    expect.stringMatching(/^▶ It goes on/),
    '✅ Approved by Erin Eze.',
    '☑ It succeeded, says the agent.',
  ])
  expect(lines.join('\n')).not.toContain('<@')
  await seat.be('U_BOB', 'C_FINANCE')
  await thread(asked.id)
  await seat.picture('thread-story')
}, 60_000)

test('what nobody has touched has no thread when it ends by itself', async () => {
  const asked = await ask()
  await agent.send('POST', `/v1/approvals/${asked.id}/cancel`, { reason: 'Done by hand' })
  await desk.settle()
  const posted = desk.slack.sandbox.calls('chat.postMessage').filter(({ args }) => args.thread_ts)
  expect(posted.some(({ args }) => JSON.stringify(args).includes(asked.id))).toBe(false)
}, 30_000)
