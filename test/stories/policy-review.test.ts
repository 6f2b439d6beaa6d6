import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openForm, shown, submit, typedPolicy } from '../desk/policy-form.ts'

let desk: Desk
let agent: TestAgent
let folder: string
beforeEach(async () => {
  desk = await openDesk()
  agent = await desk.agent('tried-bot')
  folder = await mkdtemp(join(tmpdir(), 'countersign-review-'))
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

const refund = (amount: number) => ({ tool: 'stripe.refund', arguments: { amount } })
/** Two people for every refund, where one was enough up to 1000. */
const stricter = storyPolicy.replace('amount > 1000', 'amount > 0')
const newest = async () => {
  const found = await desk.app.ground.admin.policyVersion(null)
  return 'refused' in found ? 0 : found.version
}

async function file(text: string): Promise<string> {
  const path = join(folder, 'policy.yaml')
  await writeFile(path, text)
  return path
}

test('the form shows what a change would do before anything is saved, and saves just what was shown', async () => {
  const small = await agent.ask(refund(20))
  await agent.ask(refund(30))
  await agent.ask(refund(2_000))
  await agent.ask({ tool: 'read.order' })

  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  await submit(desk, 'U_ALICE', form, typedPolicy(stricter))
  const review = shown(desk, form) ?? ''
  for (const told of [
    'Nothing is saved yet',
    '1 line added, 1 removed',
    '2 would have been decided differently',
    '2 requests: 1 of finance (refunds) → 2 of finance (big-refunds)',
  ])
    expect(review).toContain(told)
  expect(await newest()).toBe(1)

  // What was changed after the look is looked at again.
  await submit(desk, 'U_ALICE', form, typedPolicy(stricter.replace('expires_in: 1h', 'expires_in: 2h')))
  expect(shown(desk, form)).toMatch(/4 would have been|3 would have been/)
  expect(await newest()).toBe(1)
  await submit(desk, 'U_ALICE', form, typedPolicy(stricter))
  await submit(desk, 'U_ALICE', form, typedPolicy(stricter))
  expect(shown(desk, form)).toContain('Version 2 counts from now on')
  expect(await newest()).toBe(2)
  expect((await agent.get(small.id)).policy.version).toBe(1)
  expect((await agent.ask(refund(20))).policy.rule).toBe('big-refunds')
})

test('the command line says what a file would do, with apply --dry-run and lint --against', async () => {
  await agent.ask(refund(20))
  await desk.advance('2d')
  await agent.ask(refund(30))
  const path = await file(stricter)

  const dry = await commandLine(desk, 'policy', 'apply', path, '--dry-run')
  expect(dry.code).toBe(0)
  expect(dry.lines.join('\n')).toMatch(/\+ .*amount > 0[\s\S]*2 would have been[\s\S]*Nothing was saved/)
  const against = await commandLine(desk, 'policy', 'lint', path, '--against', '1d', '--json')
  expect(against).toMatchObject({ code: 0, json: { comparison: { looked_at: 1, changed: 1 } } })
  expect(await newest()).toBe(1)
  expect(await commandLine(desk, 'policy', 'lint', path, '--against', 'a while')).toMatchObject({ code: 1 })
  expect((await commandLine(desk, 'policy', 'lint', path, '--agianst', '1d')).lines.join()).toContain(
    'did you mean "--against"',
  )

  const applied = await commandLine(desk, 'policy', 'apply', path, '--note', 'two for each')
  expect(applied.lines.join('\n')).toMatch(/2 would have been[\s\S]*Version 2 counts from now on/)
})

test('what decides the same is no difference, and other terms are named', async () => {
  await agent.ask(refund(20))
  const of = async (document: string) =>
    (await commandLine(desk, 'policy', 'lint', await file(document), '--against', '7d')).lines.join('\n')
  expect(await of(storyPolicy.replace('name: refunds', 'name: small-refunds'))).toContain(
    'would have been decided the same',
  )
  expect(await of(storyPolicy.replace('expires_in: 1h', 'expires_in: 30m'))).toContain(
    '1 of finance (refunds), expires in 1h → expires in 30m',
  )
  const also = (term: string) => of(storyPolicy.replace('expires_in: 1h', `expires_in: 1h\n  ${term}`))
  for (const [term, said] of [
    ['require_reason: true', 'approved without a reason → approved with a reason'],
    ['require_details_opened: true', 'Details need not be opened → Details must be opened'],
    ['require_on_behalf_of: true', 'denied (refunds)'],
    ['outcome_within: 1h', 'no report asked → report within 1h'],
    ['editable: [amount]', 'editable: nothing → editable: amount'],
    [
      'reject_reasons: [{reason: No, retry: never}]',
      'reasons to reject: none → reasons to reject: No (never)',
    ],
    ['escalation: [{after: 5m, do: remind}]', 'no ladder → ladder 5m remind'],
  ] as const)
    expect(await also(term)).toContain(said)
})

test('an admin who takes themself out is warned before it is saved, and whoever would leave none is refused', async () => {
  const form = await openForm(desk, 'U_ALICE', 'policy edit')
  await submit(desk, 'U_ALICE', form, typedPolicy(storyPolicy.replace('[U_ALICE]', '[U_BOB]')))
  expect(shown(desk, form)).toContain('nobody who is there would be one any more')
  await submit(desk, 'U_ALICE', form, typedPolicy(storyPolicy.replace('[U_ALICE]', '[U_ALICE, U_BOB]')))
  await submit(desk, 'U_ALICE', form, typedPolicy(storyPolicy.replace('[U_ALICE]', '[U_ALICE, U_BOB]')))
  expect(await newest()).toBe(2)

  const own = await openForm(desk, 'U_BOB', 'policy edit')
  await submit(desk, 'U_BOB', own, typedPolicy(storyPolicy))
  expect(shown(desk, own)).toContain('you are not among them, Bob Brandt')
})

test('a condition over time is judged as of each request’s own moment, with what had been allowed by then', async () => {
  // Three of 40, an hour apart: a limit of 100 in three hours is passed by the third alone.
  for (let asked = 0; asked < 3; asked++) {
    await agent.ask({ tool: 'read.paid', arguments: { amount: 40 } })
    await desk.advance('1h')
  }
  const limited = storyPolicy
    .replace(
      'rules:',
      'history:\n  spent: {sum: action.arguments.amount, tool: read.paid, by: agent, within: 3h}\nrules:',
    )
    .replace(
      '  - name: reads',
      '  - name: limit\n    when: action.tool == "read.paid" && history.spent + action.arguments.amount > 100.0\n    stages: [{role: finance, approvals: 1}]\n  - name: reads',
    )
  const said = await commandLine(desk, 'policy', 'apply', await file(limited), '--dry-run')
  expect(said.lines.join('\n')).toContain('1 request: allowed (reads) → 1 of finance (limit)')
  expect(said.lines.join('\n')).toContain('Of the last 3 requests')
})

test('nobody saves a policy that leaves no admin, or none of those who could undo it', async () => {
  const without = storyPolicy.replace('admins: [U_ALICE]', 'admins: []')
  const strangers = storyPolicy.replace('admins: [U_ALICE]', 'admins: [U_ALCIE]')
  for (const [document, words] of [
    [without, 'at least one admin'],
    [strangers, 'nobody who is there would be one any more'],
  ] as const) {
    const form = await openForm(desk, 'U_ALICE', 'policy edit')
    const refused = await submit(desk, 'U_ALICE', form, typedPolicy(document))
    expect(JSON.stringify(refused.errors)).toContain(words)
  }
  expect(await newest()).toBe(1)
  // Who has a shell is not locked out by a slip.
  expect(await commandLine(desk, 'policy', 'apply', await file(strangers), '--note', 'x')).toMatchObject({
    code: 0,
  })
})
