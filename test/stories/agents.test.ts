import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const typed = async (who: string, text: string) => JSON.stringify(await desk.command(who, text))

/** The agent that an admin has just added, with the secrets that the answer showed. */
function shownIn(answer: string, name: string) {
  const api_key = /csk_[A-Za-z0-9_-]+/.exec(answer)?.[0]
  const callback_secret = /whsec_[A-Za-z0-9+/=]+/.exec(answer)?.[0]
  if (!api_key || !callback_secret) throw new Error(`no secrets in ${answer}`)
  return createAgent(desk.app.url, { name, api_key, callback_secret })
}

test('an admin adds an agent from Slack, rotates it, and sees it in the list; nobody else can', async () => {
  const bot = shownIn(await typed('U_ALICE', 'agent add mail-bot <@U_DAVE|dave> staging'), 'mail-bot')
  const asked = await bot.ask(refund)
  expect(asked.agent).toEqual({ name: 'mail-bot', owner: 'U_DAVE' })
  await desk.click('U_BOB', 'approve', await desk.card(asked.id))
  await bot.ask(refund)
  const list = await typed('U_ALICE', 'agent list')
  for (const told of ['mail-bot', 'staging', 'U_DAVE', '2 requests in 30 days, 100 % approved', 'last seen'])
    expect(list).toContain(told)

  const renewed = shownIn(await typed('U_ALICE', 'agent rotate mail-bot 0'), 'mail-bot')
  expect((await bot.send('GET', '/v1/approvals')).status).toBe(401)
  expect((await renewed.send('GET', '/v1/approvals')).status).toBe(200)
  expect(await typed('U_BOB', 'agent add mine U_BOB')).toContain('There is nothing called')
})

test('an owner who is not there is refused, in Slack and on the command line', async () => {
  expect(await typed('U_ALICE', 'agent add lost-bot <@U_NOBODY>')).toContain('U_NOBODY')
  const { code, lines } = await commandLine(desk, 'agent', 'add', 'lost-bot', '--owner', 'U_NOBODY')
  expect([code, lines.join()]).toEqual([1, expect.stringContaining('An agent’s owner answers for it')])
  expect(await typed('U_ALICE', 'agent list')).not.toContain('lost-bot')
})

test('a disabled agent is refused at once, what it waited for is cancelled in the admin’s name, and others go on', async () => {
  const bot = await desk.agent('wild-bot')
  const other = await desk.agent('calm-bot')
  const replica = await desk.replica()
  const waiting = await bot.ask(refund, { callback: { url: desk.receiver.url } })
  const others = await other.ask(refund)
  const card = await desk.card(waiting.id)

  expect(await typed('U_ALICE', 'agent disable wild-bot it went wild')).toContain('is disabled')
  expect((await createAgent(replica.url, bot).send('POST', '/v1/approvals', { action: refund })).status).toBe(
    403,
  )
  await desk.settle()

  expect((await other.get(others.id)).status).toBe('pending')
  const events = await desk.audit(waiting.id)
  expect(events.find(({ type }) => type === 'approval.cancelled')).toMatchObject({
    actor: { type: 'human', slack_user_id: 'U_ALICE' },
    data: { reason: 'The agent was disabled: it went wild' },
  })
  expect(JSON.parse((await desk.receiver.nth(1)).body)).toMatchObject({
    type: 'approval.cancelled',
    data: { id: waiting.id, decision: { by: { type: 'agent', name: 'wild-bot' } } },
  })
  expect((await desk.click('U_BOB', 'approve', card)).ok).toBe(false)
  expect(await typed('U_ALICE', 'agent disable wild-bot')).toContain('disabled already')
  expect(await typed('U_ALICE', 'agent list')).toContain('disabled')

  expect(await typed('U_ALICE', 'agent enable wild-bot')).toContain('can ask again')
  expect((await bot.get(waiting.id)).status).toBe('cancelled')
})

test('the command line disables too, and cancels more than one round of what waits', async () => {
  const bot = await desk.agent('busy-bot')
  const asked = await Promise.all(Array.from({ length: 30 }, () => bot.ask(refund)))
  const said = await commandLine(desk, 'agent', 'disable', 'busy-bot', '--reason', 'too much', '--json')
  expect(said).toMatchObject({ code: 0, json: { name: 'busy-bot' } })
  await desk.settle()
  await commandLine(desk, 'agent', 'enable', 'busy-bot')
  const after = await Promise.all(asked.map(({ id }) => bot.get(id)))
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set(['cancelled']))
  const listed = await commandLine(desk, 'agent', 'list', '--json')
  expect(listed.json).toMatchObject([
    { name: 'busy-bot', disabled_at: null, requests_30d: 30, approval_rate_30d: null },
  ])
})

test('what cannot be done is answered with what can', async () => {
  expect(await typed('U_ALICE', 'agent add NoCapitals @U_DAVE')).toContain('1 to 100 of a-z')
  expect(await typed('U_ALICE', 'agent add fine-bot @nobody')).toContain('Slack user id')
  expect(await typed('U_ALICE', 'agent disable nobody')).toContain('There is no agent called nobody')
  expect(await typed('U_ALICE', 'agent retire x')).toContain('there are list, add')
  expect((await commandLine(desk, 'agent', 'enable', 'nobody')).code).toBe(1)
})
