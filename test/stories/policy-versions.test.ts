import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminEvent } from '../../src/admin/record.ts'
import { addPolicyVersion } from '../../src/store/policy-versions.ts'
import { unasked } from '../../src/admin/policy/look-up.ts'
import { createAgent, type TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { editPolicy, openForm, shown, submit, typedPolicy } from '../desk/policy-form.ts'

let desk: Desk
let agent: TestAgent
let folder: string
beforeEach(async () => {
  desk = await openDesk()
  agent = await desk.agent('ruled-bot')
  folder = await mkdtemp(join(tmpdir(), 'countersign-policy-'))
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

const read = { tool: 'read.order' }
const typed = async (who: string, text: string) => JSON.stringify(await desk.command(who, text))
const denying = storyPolicy.replace('effect: allow', 'effect: deny\n    reason: Nobody reads today')

async function file(text: string): Promise<string> {
  const path = join(folder, 'policy.yaml')
  await writeFile(path, text)
  return path
}

test('an admin edits the policy in Slack; it counts for the very next request, on every replica', async () => {
  const other = createAgent((await desk.replica()).url, agent)
  expect((await other.ask(read)).status).toBe('approved')
  expect(await editPolicy(desk, 'U_ALICE', denying)).toContain('Version 2 counts from now on')

  for (const asking of [agent, other])
    expect(await asking.ask(read)).toMatchObject({
      status: 'rejected',
      policy: { version: 2, rule: 'reads' },
    })
  expect(await typed('U_ALICE', 'policy')).toMatch(
    /Policy version 2.*U_ALICE.*for a reason.*Nobody reads today/,
  )
  expect(await typed('U_ALICE', 'policy history')).toMatch(/Version 2.*Alice Archer.*Version 1/)
  expect(await typed('U_ALICE', 'policy diff 1 2')).toMatch(
    /2 lines added, 1 removed.*-     effect: allow.*\+     effect: deny/,
  )
})

test('faults are shown in the form, each with its line, and what was typed stays', async () => {
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  expect(JSON.stringify(form)).toContain('startsWith')
  const refused = await submit(
    desk,
    'U_ALICE',
    form,
    typedPolicy(denying.replace('effect: deny', 'effect: dney').replace('C_FINANCE', 'finance')),
  )
  expect(JSON.stringify(refused)).toMatch(
    /line 4, column \d+.*Slack channel id.*line 12, column \d+.*did you mean/,
  )
  expect((await agent.ask(read)).policy.version).toBe(1)
})

test('of two who edit at once the second is told, and nothing is overwritten', async () => {
  const first = await openForm(desk, 'U_ALICE', 'policy edit')
  const saved = await commandLine(
    desk,
    'policy',
    'apply',
    await file(denying),
    '--note',
    'from git',
    '--json',
  )
  expect(saved).toMatchObject({ code: 0, json: { version: 2, changes: { added: 2, removed: 1 } } })
  const mine = storyPolicy.replace('expires_in: 1h', 'expires_in: 2h')
  const told = await submit(desk, 'U_ALICE', first, typedPolicy(mine))
  expect(told.errors?.['note']).toContain('an operator saved version 2')
  expect(shown(desk, first)).toContain('Edit the policy')
  expect((await agent.ask(read)).policy.version).toBe(2)

  const both = await Promise.all(
    ['2h', '3h'].map((time) =>
      desk.app.ground.admin.savePolicy(
        { document: storyPolicy.replace('expires_in: 1h', `expires_in: ${time}`), base: 2, note: null },
        { type: 'operator' },
        async () => unasked,
      ),
    ),
  )
  expect(both.filter((one) => 'refused' in one)).toMatchObject([
    { refused: expect.stringContaining('nothing was overwritten') },
  ])
})

test('a rollback saves the older text as a new version, and is in the audit with who did it', async () => {
  await commandLine(desk, 'policy', 'apply', await file(denying), '--note', 'strict')
  expect(await typed('U_ALICE', 'policy rollback 1 too strict')).toContain('Version 3 counts from now on')
  expect((await agent.ask(read)).status).toBe('approved')
  expect(await typed('U_ALICE', 'policy diff 1 3')).toContain('say the same')
  const { rows } = await desk.app.ground.database.pool.query<{ body: string }>(
    `select body from event where type like 'policy.%' order by id`,
  )
  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { type: 'policy.saved', actor: { type: 'countersign' } },
    {
      type: 'policy.saved',
      actor: { type: 'operator' },
      data: { version: 2, before: 1, note: 'strict', added: 2 },
    },
    {
      type: 'policy.rolled_back',
      actor: { slack_user_id: 'U_ALICE' },
      data: { version: 3, to: 1, note: 'too strict' },
    },
  ])
})

test('a version that no program reads any more lets nothing through; the way back is on the command line, and never to it', async () => {
  const { database, clock } = desk.app.ground
  const at = clock.now()
  const by = { type: 'countersign' } as const
  const row = {
    version: 2,
    document: 'admins: [U_ALICE]\nrules: [{name: a, whn: "true"}]\n',
    author: 'operator',
  }
  await addPolicyVersion(
    database,
    { ...row, note: null, created_at: at, confirmed_by: null },
    adminEvent('policy.saved', by, at, { version: 2, before: 1, note: null }),
  )
  const asked = await agent.send('POST', '/v1/approvals', { action: read })
  expect(asked.status).toBe(503)
  expect(await typed('U_ALICE', 'policy')).toContain('countersign policy rollback')

  const back = await commandLine(desk, 'policy', 'rollback', '1')
  expect(back.lines.join('\n')).toContain('Version 3 counts from now on')
  expect((await agent.ask(read)).status).toBe('approved')
  const shown = await typed('U_ALICE', 'policy show 2')
  expect(shown).toContain('cannot read it any more')
  const again = await typed('U_ALICE', 'policy rollback 2')
  expect(again).toContain('line 2, column 19')
  expect(
    (await commandLine(desk, 'policy', 'test', '{"tool":"x"}', '--version', '2')).lines.join(),
  ).toContain('line 2, column 19')
})

test('the command line lints without a database, applies only what is sound, and refuses an old base', async () => {
  const broken = await file('admins: []\nroles: {}\n')
  const linted = await commandLine(desk, 'policy', 'lint', broken)
  expect(linted).toMatchObject({ code: 1 })
  expect(linted.lines).toEqual(expect.arrayContaining([`${broken}:1:9 a policy needs at least one admin`]))
  expect(await commandLine(desk, 'policy', 'apply', broken, '--note', 'x')).toMatchObject({ code: 1 })
  const sound = await file(denying)
  expect(await commandLine(desk, 'policy', 'lint', sound)).toMatchObject({ code: 0 })
  expect(await commandLine(desk, 'policy', 'apply', sound)).toMatchObject({ code: 1 })
  expect(await commandLine(desk, 'policy', 'apply', sound, '--note', 'x', '--base', '7')).toMatchObject({
    code: 1,
  })
  expect(await commandLine(desk, 'policy', 'apply', await file(storyPolicy), '--note', 'x')).toMatchObject({
    code: 1,
    lines: [expect.stringContaining('says already')],
  })
  expect((await commandLine(desk, 'policy', 'show', '--json')).json).toMatchObject({ version: 1 })
})

test('who is no admin learns nothing, and a slip is answered with the nearest right word', async () => {
  expect(await typed('U_BOB', 'policy')).toContain('There is nothing called')
  expect(await typed('U_BOB', 'pendign')).toContain('did you mean')
  expect(await typed('U_ALICE', 'polcy')).toMatch(/did you mean .*policy/)
  expect(await typed('U_ALICE', 'policy hsitory')).toMatch(/did you mean .*history/)
  expect((await commandLine(desk, 'policy', 'shwo')).lines.join()).toContain('policy show')
})
