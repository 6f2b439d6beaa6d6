import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('command-bot')
})
afterAll(() => desk.close())

const seen = async (who: string, text: string) => JSON.stringify(await desk.command(who, text))

test('help lists what the person may do', async () => {
  expect(await seen('U_BOB', 'help')).not.toContain('audit')
  expect(await seen('U_ALICE', '')).toContain('audit')
})

test('pending lists what concerns the person', async () => {
  const mine = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 10 }, summary: 'For finance' })
  await agent.ask({ tool: 'deploy', summary: 'For platform' })
  const bob = await seen('U_BOB', 'pending')
  expect(bob).toContain(mine.id)
  expect(bob).not.toContain('For platform')
  expect(await seen('U_FRANK', 'pending')).toContain('Nothing that concerns you')
  const dave = await seen('U_DAVE', 'pending')
  for (const owned of ['For finance', 'For platform']) expect(dave).toContain(owned)
})

test('show tells about one request, and nothing to whom it does not concern', async () => {
  const { id } = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 77 }, summary: 'Shown' })
  expect(await seen('U_ERIN', `show ${id}`)).toContain('Shown')
  expect(await seen('U_FRANK', `show ${id}`)).toContain(`There is no request ${id} that concerns you`)
  expect(await seen('U_FRANK', 'show apr_00000000000000000000000000')).toContain('that concerns you')
})

test('audit tells an admin the whole story, and nobody else that it exists', async () => {
  const { id } = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 78 }, summary: 'Told' })
  await desk.click('U_BOB', 'approve', await desk.card(id))
  const story = await seen('U_ALICE', `audit ${id}`)
  for (const told of [
    'command-bot',
    'Bob Brandt (U_BOB), of finance, voted approve',
    'APPROVED by Bob Brandt',
  ])
    expect(story).toContain(told)
  expect(await seen('U_BOB', `audit ${id}`)).toContain('There is nothing called')
})

test('the command line lists what waits and shows one request, without its permit', async () => {
  const { id } = await agent.ask({
    tool: 'stripe.refund',
    arguments: { amount: 79 },
    summary: 'Two\nlines \u001b[31m',
  })
  const listed = await commandLine(desk, 'pending')
  expect(listed.lines.find((line) => line.startsWith(id))).toContain(
    'Two lines ⟨U+001B⟩[31m  asked by command-bot, waiting for finance',
  )
  await desk.click('U_BOB', 'approve', await desk.card(id))
  const shown = await commandLine(desk, 'show', id)
  for (const told of ['approved by Bob Brandt (U_BOB)', '1 of finance, met; Bob Brandt (U_BOB): approve'])
    expect(shown.lines.join('\n')).toContain(told)
  const { json } = await commandLine(desk, 'show', id, '--json')
  expect(json).toMatchObject({ id, status: 'approved' })
  expect(json).not.toHaveProperty('permit')
  expect((await commandLine(desk, 'show', 'apr_0')).code).toBe(1)
})

test('what can be typed after a word is in its help, for whom may use it', async () => {
  expect(await seen('U_ALICE', 'help policy')).toMatch(/policy test .*policy rollback VERSION/)
  expect(await seen('U_ALICE', 'help plicy')).toMatch(/did you mean .*policy/)
  expect(await seen('U_BOB', 'help policy')).toContain('There is nothing called')
  expect(await seen('U_BOB', 'help show')).toContain('/countersign show ID')
})

test('options are understood as on the command line, and a slip in one is answered', async () => {
  expect(await seen('U_ALICE', 'agent add opted-bot --owner <@U_DAVE|dave>')).toContain('csk_')
  expect(await seen('U_ALICE', 'agent disable opted-bot --raeson old')).toMatch(/did you mean .*--reason/)
  expect(await seen('U_ALICE', 'agent disable opetd-bot')).toMatch(/did you mean .*opted-bot/)
  expect(await seen('U_ALICE', 'agent disable opted-bot --reason too old')).toContain('is disabled')
  expect(await seen('U_ALICE', 'policy show --version')).toContain('is no version')
})

test('what is too much is said, and not left out in silence', async () => {
  expect(await seen('U_ALICE', 'agent add wordy-bot <@U_DAVE> staging and more')).toMatch(
    /The environment|too much/,
  )
  expect(await seen('U_ALICE', 'agent list wordy-bot')).toContain('“wordy-bot” is too much')
  expect(await seen('U_ALICE', 'policy diff 1 2 3')).toContain(
    '“3” is too much. Type /countersign policy diff A B',
  )
  expect(await seen('U_ALICE', 'agent disable')).toContain('Say which agent')
})

test('a text for people is kept as it was typed, though Slack escapes it', async () => {
  await desk.command('U_ALICE', 'agent add typed-bot <@U_DAVE|dave>')
  await desk.command('U_ALICE', 'agent disable typed-bot R&D says <@U_BOB|bob>: 1 < 2')
  const { json } = await commandLine(desk, 'audit', 'search', '--person', 'U_ALICE', '--json')
  expect(JSON.stringify(json)).toContain('R&D says @bob: 1 < 2')
})

test('what nobody knows is named in the answer, and does not flood it or turn it round', async () => {
  for (const typed of ['x'.repeat(4_000), `show ${'x'.repeat(4_000)}`, `policy ${'x'.repeat(4_000)}`])
    expect((await desk.command('U_ALICE', typed)).text.length).toBeLessThan(400)
  expect((await desk.command('U_ALICE', '\u202eyrtne')).text).toContain('⟨U+202E⟩yrtne')
})

test('the command line says what there is after a word, and explains one command', async () => {
  const said = async (...words: string[]) => (await commandLine(desk, ...words)).lines.join('\n')
  expect(await said('policy')).toContain('After policy there are show, history')
  expect(await said('policy', 'edit')).toContain('After policy there are show, history')
  for (const asked of [
    ['help', 'freeze'],
    ['freeze', 'all', '--help'],
  ]) {
    expect(await said(...asked)).toContain('countersign freeze [all | AGENT] --reason TEXT')
    expect(await said(...asked)).not.toContain('countersign agent')
  }
  expect(await said('help', 'agnet')).toContain('There is no command “agnet”')
})

test('what is unknown is answered with where to look', async () => {
  expect(await seen('U_BOB', 'constructor')).toContain('/countersign help')
})
