import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Locator } from 'playwright-core'
import type { AuditEvent } from '../../src/audit/index.ts'
import type { SeenApproval, TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openSeat, type Seat } from '../desk/seat.ts'

// Each answer that an approver can give, given in a browser from everywhere that a request is seen: on its card in the channel,
// on the same card in its thread, and on Home.

const policy = `${storyPolicy.replace(
  'defaults:\n',
  `defaults:
  allowed_decisions: [approve, edit, reject]
  editable: [amount]
  extend: 30m
  reject_reasons: [{reason: The amount is wrong, retry: after_change}]
`,
)}
break_glass: [U_BOB]
`

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

/** A request before Bob: where it is seen, and how its buttons are found among those of others. */
type Before = {
  asked: SeenApproval
  scope: Locator
  button(text: string): Locator
  choose(entry: string): Promise<void>
}

/** How Bob gets a request before him. */
const places = {
  async channel() {
    await seat.be('U_BOB', 'C_FINANCE')
    return seat.page.locator('.channel')
  },
  async thread({ id }: SeenApproval) {
    const { ts } = await desk.card(id)
    await seat.be('U_BOB', `C_FINANCE&thread=${ts}`)
    return seat.page.getByRole('complementary', { name: 'Thread' })
  },
  async Home() {
    await seat.page.goto('about:blank')
    await seat.page.goto(`${desk.slack.url}#as=U_BOB&in=home`)
    return seat.page.locator('.home-body')
  },
}

const dialog = (name: string) => seat.dialog(name)
const submit = (name: string, button: string) =>
  dialog(name).getByRole('button', { name: button, exact: true }).click()

/** What Bob does, and the event that says that it was done. */
type Answer = {
  first?: (asked: SeenApproval) => Promise<unknown>
  act: (before: Before) => Promise<unknown>
  event: { type: AuditEvent['type']; data: object }
}

const answers: Record<string, Answer> = {
  Approve: {
    act: ({ button }) => button('Approve').click(),
    event: { type: 'vote.cast', data: { vote: 'approve', comment: null } },
  },
  'Approve with a note': {
    async act({ choose }) {
      await choose('Approve with a note…')
      await dialog('Approve the request').getByLabel('Note').fill('Checked')
      await submit('Approve the request', 'Approve')
    },
    event: { type: 'vote.cast', data: { vote: 'approve', comment: 'Checked' } },
  },
  'Reject with a reason of the policy': {
    async act({ button }) {
      await button('Reject').click()
      await dialog('Reject the request').getByLabel('The amount is wrong').check()
      await submit('Reject the request', 'Reject')
    },
    event: { type: 'approval.rejected', data: { reason: 'The amount is wrong', retry: 'after_change' } },
  },
  'Ask, and what the agent answers': {
    async act({ asked, button, scope }) {
      await button('Ask').click()
      await dialog('Ask the agent').getByLabel('Your question').fill('Which charge?')
      await submit('Ask the agent', 'Ask')
      await scope.getByText('❓ Not answered yet').last().waitFor()
      const question = (await recorded(asked.id, 'question.asked')).data as { question_id: string }
      const { question_id } = question
      await agent.send('POST', `/v1/approvals/${asked.id}/answers`, { question_id, text: 'The second' })
      await scope.getByText('The agent has answered a question, see the thread').last().waitFor()
    },
    event: { type: 'question.answered', data: { text: 'The second' } },
  },
  Assign: {
    async act({ choose, scope }) {
      await choose('Assign to…')
      await dialog('Assign the request').getByLabel('To whom?').click()
      await seat.page.getByRole('option', { name: 'Erin Eze' }).click()
      await submit('Assign the request', 'Assign')
      await scope.getByText('👉 Assigned to').last().waitFor()
    },
    event: { type: 'approval.assigned', data: { to: { slack_user_id: 'U_ERIN' } } },
  },
  'I’m on it': {
    async act({ choose, scope }) {
      await choose('I’m on it')
      await scope
        .getByText(/is on it, since/)
        .last()
        .waitFor()
    },
    event: { type: 'approval.taken_up', data: { from: null } },
  },
  'I’m not on it any more': {
    first: async ({ id }) => desk.click('U_BOB', 'take_up', await desk.card(id)),
    act: ({ choose }) => choose('I’m not on it any more'),
    event: { type: 'approval.let_go', data: {} },
  },
  Extend: {
    act: ({ choose }) => choose('Extend 30m'),
    event: { type: 'approval.extended', data: {} },
  },
  Edit: {
    async act({ button }) {
      await button('Edit').click()
      await dialog('Edit the action').getByLabel('The arguments that can be changed').fill('{"amount": 120}')
      await submit('Edit the action', 'Approve as edited')
    },
    event: { type: 'action.edited', data: {} },
  },
  'Break glass': {
    async act({ choose }) {
      await choose('Break glass')
      await dialog('Break glass').getByLabel('Why?').fill('The shop is down')
      await submit('Break glass', 'Approve alone')
    },
    event: { type: 'glass.broken', data: { reason: 'The shop is down' } },
  },
  Details: {
    async act({ button }) {
      await button('Details').click()
      await dialog('All of the request').getByText('ch_1').first().waitFor()
      await dialog('All of the request').getByRole('button', { name: 'Close' }).last().click()
      await dialog('All of the request').waitFor({ state: 'detached' })
    },
    event: { type: 'details.opened', data: { stage: 0 } },
  },
  Revoke: {
    first: async ({ id }) => desk.click('U_BOB', 'approve', await desk.card(id)),
    async act({ button }) {
      await button('Revoke').click()
      await dialog('Revoke the approval').getByLabel('Why?').fill('The customer has called')
      await submit('Revoke the approval', 'Revoke')
    },
    event: { type: 'approval.withdrawn', data: { reason: 'The customer has called' } },
  },
}

/** The event of a request, once it is there: what is clicked in the page is on its way for a moment. */
async function recorded(id: string, type: AuditEvent['type']): Promise<AuditEvent> {
  for (let tries = 0; tries < 1_000; tries++) {
    const found = (await desk.audit(id)).find((event) => event.type === type)
    if (found) return found
  }
  throw new Error(`no ${type}, but ${(await desk.audit(id)).map((event) => event.type).join(', ')}`)
}

async function before(
  where: keyof typeof places,
  { first }: Partial<Answer>,
  summary: string,
): Promise<Before> {
  const asked = await agent.ask(
    { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 240 }, summary },
    { callback: { url: desk.receiver.url }, allowed_decisions: ['approve', 'edit', 'reject'] },
  )
  // Somebody has written below it, so that it has a thread.
  const { ts } = await desk.card(asked.id)
  await desk.slack.sandbox.act({ do: 'say', as: 'U_ERIN', channel: 'C_FINANCE', text: 'Hm', thread_ts: ts })
  await first?.(asked)
  await desk.settle()
  const scope = await places[where](asked)
  const named = (text: string) => ({ name: `${text}: “${summary}”`, exact: true })
  const button = (text: string) => scope.getByRole('button', named(text))
  const row = scope.locator('.actions', { has: seat.page.getByRole('button', named('Reject')) })
  return {
    asked,
    scope,
    button,
    async choose(entry) {
      await row.getByRole('button', { name: 'More actions' }).click()
      await seat.page.getByRole('menuitem', { name: entry }).click()
    },
  }
}

describe.each(Object.keys(places) as (keyof typeof places)[])('from the %s', (where) => {
  let nth = 0
  test.each(Object.entries(answers))(
    '%s',
    async (_, answer) => {
      const request = await before(where, answer, `Refund ${++nth} from the ${where}`)
      await answer.act(request)
      const { type, data } = answer.event
      expect(await recorded(request.asked.id, type)).toMatchObject({
        ...(type === 'question.answered' ? {} : { actor: { slack_user_id: 'U_BOB' } }),
        data,
      })
      const refused = (await desk.audit(request.asked.id)).filter((event) => event.type === 'click.refused')
      expect(refused).toEqual([])
      expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
    },
    30_000,
  )

  test('what is refused is said where one looks', async () => {
    const request = await before(where, {}, `Refund ${++nth} from the ${where}`)
    await request.choose('I’m on it')
    await request.scope
      .getByText(/is on it, since/)
      .last()
      .waitFor()
    // With one entry more in the menu, the first of it is a button.
    await request.button('I’m on it').click()
    const said = where === 'Home' ? dialog('Countersign') : request.scope.locator('.private')
    await said.getByText(/says already that you are on it/).waitFor()
  }, 30_000)
})
