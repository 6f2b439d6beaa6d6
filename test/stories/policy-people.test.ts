import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { editPolicy, openForm, shown, submit, typedPolicy } from '../desk/policy-form.ts'

// A document is judged by the people and channels that there are when it is saved.

let desk: Desk
let folder: string
beforeEach(async () => {
  desk = await openDesk()
  folder = await mkdtemp(join(tmpdir(), 'countersign-people-'))
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

const office =
  'hours: {timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri, sat], from: "09:00", to: "18:00"}'
const closed = storyPolicy.replace('members: [U_CAROL, U_DAVE]', `members: [U_CAROL, U_DAVE], ${office}`)
const strange = storyPolicy
  .replace('U_ALICE, S_FINANCE', 'U_ALICE, S_FINANCE, S_NOWHERE, U_NOBODY')
  .replace('channel: C_PLATFORM', 'channel: C_ELSEWHERE')

async function apply(document: string) {
  const path = join(folder, 'policy.yaml')
  await writeFile(path, document)
  return commandLine(desk, 'policy', 'apply', path, '--note', 'why not')
}

test('what Slack does not know is warned of, with its place, and saved all the same', async () => {
  const troubles = [
    /line 4, column \d+ .*there is no user group S_NOWHERE/,
    /line 4, column \d+ .*there is nobody with the id U_NOBODY/,
    /line 5, column \d+ .*C_ELSEWHERE is not there, or is private and the bot is not in it/,
  ]
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  await submit(desk, 'U_ALICE', form, typedPolicy(strange))
  for (const trouble of troubles) expect(shown(desk, form)).toMatch(trouble)
  await submit(desk, 'U_ALICE', form, typedPolicy(strange))
  for (const trouble of [/Version 2 counts/, ...troubles]) expect(shown(desk, form)).toMatch(trouble)

  const applied = await apply(`${strange}# again\n`)
  expect(applied.code).toBe(0)
  for (const trouble of troubles) expect(applied.lines.join('\n')).toMatch(trouble)
  expect(JSON.stringify(await desk.command('U_ALICE', 'policy show'))).toMatch(troubles[0]!)
})

test('who is not there is no admin that could be left', async () => {
  const both = storyPolicy.replace('[U_ALICE]', '[U_ALICE, U_NOBODY]')
  expect(await editPolicy(desk, 'U_ALICE', both)).toContain('Version 2 counts')
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  await submit(desk, 'U_ALICE', form, typedPolicy(both.replace('U_ALICE, U_NOBODY', 'U_NOBODY, U_BOB')))
  expect(shown(desk, form)).toContain('nobody who is there would be one any more')
})

test('policy show says what nobody will ever act on, as saving did', async () => {
  const idle = storyPolicy.replace(
    '  - name: reads',
    '  - {name: anything, effect: allow, when: "action.tool.startsWith(\\"read.\\")"}\n  - name: reads',
  )
  expect(await editPolicy(desk, 'U_ALICE', idle)).toContain('is never reached: anything, above it')
  for (const shown of [
    JSON.stringify(await desk.command('U_ALICE', 'policy show')),
    (await commandLine(desk, 'policy', 'show')).lines.join(),
  ])
    expect(shown).toContain('is never reached: anything, above it')
})

test('the hours at which nobody could be asked are warned of when it is saved, by lint, and in policy show', async () => {
  const gap = /two-stages, stage 1: Mon 18:00 to Tue 09:00, .*, Sat 18:00 to Mon 09:00, nobody in platform/
  expect(await editPolicy(desk, 'U_ALICE', closed)).toMatch(gap)
  expect(JSON.stringify(await desk.command('U_ALICE', 'policy show'))).toMatch(gap)
  const applied = await apply(`${closed}# again\n`)
  expect(applied.lines.join('\n')).toMatch(gap)
  const linted = await commandLine(desk, 'policy', 'lint', join(folder, 'policy.yaml'))
  expect(linted.lines.join('\n')).toMatch(gap)
  expect((await commandLine(desk, 'policy', 'show')).lines.join('\n')).toMatch(gap)
})

test('a plan that nobody could ever meet is refused, now that user groups are read', async () => {
  const empty = storyPolicy.replace('members: [U_ALICE, S_FINANCE]', 'members: [S_GHOSTS]')
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  const refused = await submit(desk, 'U_ALICE', form, typedPolicy(empty))
  expect(JSON.stringify(refused.errors)).toContain('asks for 2 where finance has 0')
  const applied = await apply(empty)
  expect(applied).toMatchObject({ code: 1 })
  expect(applied.lines.join('\n')).toContain('asks for 2 where finance has 0')
  expect(JSON.stringify(await desk.command('U_ALICE', 'policy show'))).toContain('Policy version 1')
})

test('where Slack cannot be asked, that is said, and it goes on', async () => {
  for (const method of ['usergroups.list', 'users.info', 'conversations.info'])
    desk.slack.sandbox.inject({ kind: 'rate_limited', method, retry_after_s: 30 })
  const applied = await apply(strange)
  expect(applied.code).toBe(0)
  expect(applied.lines.join('\n')).toMatch(
    /line 2, column 1: whether its people, user groups and channels are there is not known: .*S_FINANCE/,
  )
})

test('a document with comments goes through saving, editing and back unharmed', async () => {
  const commented = `# The policy of the house.
admins: [U_ALICE] # whoever is on call

# Roles. #finance is where the money is.
roles:
  finance: { channel: C_FINANCE, members: [U_ALICE, S_FINANCE] }   # Bob and Erin


  platform: {channel: C_PLATFORM, members: [U_CAROL, U_DAVE]}
defaults:
    stages: [{role: platform}] # one
rules:
  # The first that matches decides.
  - name: refunds
    when: >- # folded
      action.tool == "stripe.refund" &&
      action.arguments.amount > 100
    stages: [{role: finance}]
# The end.
`
  const edited = commented.replace('> 100', '> 200')
  const stored = async (version: number) =>
    (await commandLine(desk, 'policy', 'show', String(version), '--json')).json as { document: string }
  await apply(commented)
  expect((await stored(2)).document).toBe(commented)
  await editPolicy(desk, 'U_ALICE', edited)
  expect((await stored(3)).document).toBe(edited)
  await desk.command('U_ALICE', 'policy rollback 2')
  expect((await stored(4)).document).toBe(commented)
})
