import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { AnyEvent } from '../../src/audit/index.ts'
import type { TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// What happened is found by who did it, which agent asked, with which tool, about what, and when.

let desk: Desk
let agent: TestAgent
let other: TestAgent
let refund: string
let again: string
let deploy: string

beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot')
  other = await desk.agent('deploy-bot')
  const about = { subject: { type: 'order', id: '1881' } }
  refund = (await agent.ask({ tool: 'stripe.refund', arguments: { amount: 240 } }, about)).id
  await desk.click('U_BOB', 'approve', await desk.card(refund))
  await desk.advance('10m')
  deploy = (
    await other.ask({ tool: 'deploy' }, { on_behalf_of: 'U_FRANK', subject: { type: 'release', id: '1881' } })
  ).id
  await desk.click('U_BOB', 'approve', await desk.card(deploy))
  await desk.advance('10m')
  again = (
    await agent.ask({ tool: 'stripe.refund', arguments: { token: 'sk_live_1234567890abcdefghijklmn' } })
  ).id
  await desk.settle()
  await commandLine(desk, 'freeze', '--agent', 'refund-bot', '--reason', 'it went wild')
  await desk.settle()
})
afterAll(() => desk.close())

async function found(...options: string[]): Promise<AnyEvent[]> {
  const { code, json, lines } = await commandLine(desk, 'audit', 'search', ...options, '--json')
  if (code !== 0) throw new Error(lines.join('\n'))
  return json as AnyEvent[]
}
const approvals = (events: AnyEvent[]) => new Set(events.map(({ approval_id }) => approval_id))
const types = (events: AnyEvent[]) => events.map(({ type }) => type)

test('by a person: what they did, and what was asked on their behalf, the newest first', async () => {
  const bob = await found('--person', 'U_BOB')
  expect(types(bob)).toEqual(['click.refused', 'approval.approved', 'stage.met', 'vote.cast'])
  expect(bob.map(({ approval_id }) => approval_id)).toEqual([deploy, refund, refund, refund])
  expect(types(await found('--person', 'U_FRANK'))).toEqual(['approval.requested'])
  expect(await found('--person', 'U_BOB', '--tool', 'deploy')).toHaveLength(1)
  expect(await found('--person', 'U_BOB', '--agent', 'refund-bot', '--subject', 'order:1881')).toHaveLength(3)
  expect(await found('--person', 'U_NOBODY')).toEqual([])
})

test('by an agent, also what was done about it; by a tool; by a subject with its type or without', async () => {
  const refunds = await found('--agent', 'refund-bot')
  expect(approvals(refunds)).toEqual(new Set([refund, again, null]))
  expect(types(refunds)).toEqual(expect.arrayContaining(['agent.added', 'freeze.started', 'approval.frozen']))
  expect(refunds.map(({ at }) => at)).toEqual(
    refunds
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
  expect(approvals(await found('--tool', 'stripe.refund'))).toEqual(new Set([refund, again]))
  expect(await found('--tool', 'stripe')).toEqual([])
  expect(approvals(await found('--subject', '1881'))).toEqual(new Set([refund, deploy]))
  expect(approvals(await found('--subject', 'order:1881'))).toEqual(new Set([refund]))
  expect(approvals(await found('--subject', '1881', '--agent', 'deploy-bot'))).toEqual(new Set([deploy]))
})

test('by time, as people write it; and all that there is where nothing is said', async () => {
  const all = await found()
  expect(approvals(all)).toEqual(new Set([refund, deploy, again, null]))
  expect(types(all)).toContain('policy.saved')
  const recent = await found('--since', '5m')
  // What was approved before was withdrawn by the freeze.
  expect(approvals(recent)).toEqual(new Set([again, refund, null]))
  expect(approvals(await found('--until', '15m', '--tool', 'stripe.refund'))).toEqual(new Set([refund]))
  expect([...(await found('--until', '5m')), ...recent].length).toBe(all.length)
})

test('what is left out by the limit is said, and found by going on from there', async () => {
  const all = await found('--tool', 'stripe.refund')
  const { lines } = await commandLine(desk, 'audit', 'search', '--tool', 'stripe.refund', '--limit', '2')
  expect(lines).toHaveLength(3)
  const until = /--until (\S+) goes on/.exec(lines[2] ?? '')?.[1] ?? ''
  const rest = await found('--tool', 'stripe.refund', '--until', until)
  expect(rest.at(-1)).toEqual(all.at(-1))
  expect(rest.length).toBeGreaterThanOrEqual(all.length - 2)
  const { lines: whole } = await commandLine(desk, 'audit', 'search', '--tool', 'stripe.refund')
  expect(whole).toHaveLength(all.length)
})

test('it is told in sentences, without secrets, also of what admins did', async () => {
  const { lines } = await commandLine(desk, 'audit', 'search')
  const text = lines.join('\n')
  expect(text).toMatch(new RegExp(`Z {2}${refund} {2}Bob Brandt \\(U_BOB\\), of finance, voted approve`))
  expect(text).toContain('  -  an operator FROZE refund-bot: “it went wild”')
  expect(text).toMatch(/ {2}- {2}an operator added the agent deploy-bot, owned by U_/)
  expect(text).toMatch(/ {2}- {2}Countersign saved policy version 1, the first: “from /)
  expect(text + JSON.stringify(await found())).not.toContain('sk_live_1234567890')
})

test('an admin searches from Slack too, and is told what is wrong with what they typed', async () => {
  const seen = async (who: string, typed: string) =>
    JSON.stringify(await desk.command(who, `audit search ${typed}`))
  const bob = await seen('U_ALICE', '--person <@U_BOB|bob> --since 1d')
  for (const told of [refund, deploy, 'voted approve']) expect(bob).toContain(told)
  expect(bob).not.toContain(again)
  expect(await seen('U_ALICE', '--subject order:1881')).toContain('asked to run stripe.refund')
  expect(await seen('U_ALICE', '--tool nothing.such')).toContain('Nothing was found for --tool nothing.such.')
  expect(await seen('U_ALICE', '--agent refnd-bot')).toContain('There is no agent called refnd-bot')
  expect(await seen('U_ALICE', '--since yesterday')).toContain('since is a day')
  expect(await seen('U_ALICE', '--persn U_BOB')).toContain('did you mean')
  expect(await seen('U_ALICE', 'U_BOB')).toContain('goes before it')
  expect(await seen('U_BOB', '--person U_BOB')).toContain('There is nothing called')
  expect(JSON.stringify(await desk.command('U_ALICE', 'audit serach'))).toContain('did you mean')
  expect(JSON.stringify(await desk.command('U_ALICE', 'help audit'))).toContain('/countersign audit search')
})

test('what is typed wrong on the command line is named', async () => {
  const said = async (...words: string[]) =>
    (await commandLine(desk, 'audit', 'search', ...words)).lines.join('\n')
  expect(await said('--person', 'bob')).toMatch(/^A person is a Slack user id/)
  expect(await said('--tool', 'no tool')).toMatch(/^A tool is named in full/)
  expect(await said('--limit', '0')).toMatch(/^The limit is a number from 1 to 1,000/)
  expect(await said('--agent', 'nobody')).toBe('There is no agent called nobody')
  expect(await said('--since', '2026-13-01')).toMatch(/^since is a day/)
})
