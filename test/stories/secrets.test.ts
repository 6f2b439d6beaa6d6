import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { actionDigest } from '../../src/json/canonical.ts'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'

// Secrets in a request are shown to nobody, the audit says that they were hidden, and the agent has them as it sent them.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({
    policy: `${storyPolicy}\nsecrets: {keys: [iban], patterns: ['KD-[0-9]{6}']}\n`,
  })
  agent = await desk.agent('careless-bot')
})
afterAll(() => desk.close())

const secrets = ['hunter-22', 'DE02120300000000202051', 'KD-123456', 'abcdefghijklmnopqrst']
const action = {
  tool: 'db.connect',
  summary: 'Connect for customer KD-123456',
  justification: 'With Authorization: Bearer abcdefghijklmnopqrst',
  arguments: { host: 'db-1', password: 'hunter-22', IBAN: 'DE02120300000000202051', note: 'of KD-123456' },
}

function expectHidden(shown: unknown, ...seen: string[]) {
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown)
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  for (const words of ['⟨hidden⟩', ...seen]) expect(text).toContain(words)
}

test('on the card, in Details, in threads and messages, and in what commands answer', async () => {
  const asked = await agent.ask(action, { callback: { url: desk.receiver.url }, expires_in: '10m' })
  const card = await desk.card(asked.id)
  expectHidden([card.text, card.blocks], 'db-1', 'Connect for customer ⟨hidden⟩')
  await desk.click('U_CAROL', 'details', card)
  expectHidden(await desk.slack.sandbox.until(({ modals }) => modals[0]), 'db-1', 'password')
  expectHidden((await desk.command('U_CAROL', `show ${asked.id}`)).blocks, 'db-1')
  expectHidden((await desk.command('U_CAROL', 'pending')).blocks)
  expectHidden((await desk.command('U_ALICE', `audit ${asked.id}`)).blocks, '/action/arguments/password')

  await desk.advance('10m')
  expectHidden(desk.slack.sandbox.calls('chat.postMessage').map(({ args }) => args))
})

test('in what the command line prints; the log itself has all of it, so that the digest can be proven', async () => {
  const asked = await agent.ask(action)
  const printed = await commandLine(desk, 'audit', asked.id)
  expectHidden(
    printed.lines,
    'Nobody is shown what is at /action/arguments/password',
    '/action/justification',
  )
  expectHidden((await commandLine(desk, 'audit', asked.id, '--json')).json, 'db-1')

  expectHidden((await commandLine(desk, 'show', asked.id)).lines, 'db-1')
  expectHidden((await commandLine(desk, 'show', asked.id, '--json')).json, 'db-1')
  expectHidden((await commandLine(desk, 'pending')).lines)
  expectHidden((await commandLine(desk, 'pending', '--json')).json)

  const [requested] = await desk.audit(asked.id)
  if (requested?.type !== 'approval.requested') throw new Error('there is no request')
  expect(actionDigest(requested.data.action)).toBe(requested.data.action_digest)
  expect(requested.data.plan.masked.map(({ at }) => at)).toEqual(
    expect.arrayContaining(['/action/arguments/password', '/action/arguments/IBAN', '/action/summary']),
  )
})

test('the agent gets its own values back, in answers and in callbacks', async () => {
  const asked = await agent.ask(action, { callback: { url: desk.receiver.url } })
  expect(asked.action).toEqual(action)
  await desk.click('U_CAROL', 'approve', await desk.card(asked.id))
  await desk.settle()
  const told = desk.receiver.received.map(({ body }) => body).find((body) => body.includes(asked.id))
  expect(JSON.parse(told ?? '{}')).toMatchObject({
    type: 'approval.approved',
    data: { effective_action: { arguments: action.arguments } },
  })
})
