import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDesk, type Desk } from '../desk/desk.ts'
import { textsIn } from '../slack/seen.ts'

// What an agent asks again stands beside what it asked before, and beside nobody else's requests.

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const refund = (amount: number) => ({ tool: 'stripe.refund', arguments: { amount, charge: 'ch_1' } })
const wordsOn = async (id: string) => textsIn((await desk.card(id)).blocks).join('')

test('the card tells what was rejected, by whom and why, and what is different', async () => {
  const agent = await desk.agent('retry-bot')
  const first = await agent.ask(refund(2400))
  await desk.reject('U_BOB', await desk.card(first.id), 'Half of it, at most')
  await desk.settle()
  expect((await agent.get(first.id)).status).toBe('rejected')

  const second = await agent.ask(refund(1200), { retry_of: first.id })
  const words = await wordsOn(second.id)
  expect(words).toContain(`↻ Asked again, after ${first.id}`)
  expect(words).toContain('⛔ Rejected by Bob Brandt: “Half of it, at most”')
  expect(words).toMatch(/crossed out as it was then:.*amount {2}2400 → 1200/s)

  await desk.click('U_BOB', 'details', await desk.card(second.id))
  const modal = await desk.slack.sandbox.until(({ modals }) => modals.find(({ user }) => user === 'U_BOB'))
  expect(textsIn(modal.view).join('')).toMatch(/What was asked before.*Half of it, at most/s)
  const shown = await desk.command('U_BOB', `show ${second.id}`)
  expect(textsIn(shown.blocks).join('')).toContain('Half of it, at most')
})

test('the very same again is called that', async () => {
  const agent = await desk.agent('stubborn-bot')
  const first = await agent.ask(refund(10))
  await desk.reject('U_BOB', await desk.card(first.id), 'No')
  const second = await agent.ask(refund(10), { retry_of: first.id })
  expect(await wordsOn(second.id)).toContain('Nothing has changed since')
})

test('of another agent’s request nothing is shown, nor of one that is not there', async () => {
  const [agent, other] = [await desk.agent('honest-bot'), await desk.agent('curious-bot')]
  const { id } = await agent.ask({ tool: 'mail.send', arguments: { to: 'board@acme.example' } })
  for (const retry_of of [id, `apr_${'0'.repeat(26)}`]) {
    const words = await wordsOn((await other.ask(refund(1), { retry_of })).id)
    expect(words).toContain('It has made no such request')
    expect(words).not.toContain('board@acme.example')
  }
})
