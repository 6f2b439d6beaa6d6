import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'
import { openForm, shown, submit } from '../desk/policy-form.ts'

const policy = `${storyPolicy}
  - name: slow
    when: action.tool == "slow" && agent.name == "slow-bot"
    stages: [{role: finance, approvals: 1}]
    expires_in: 2h
    escalation: [{after: 15m, do: remind}, {after: 1h, do: escalate, to: night}, {after: 90m, do: require, approvals: 2}]
`.replace(
  'roles:',
  `roles:
  night: {channel: C_DATA, members: [U_FRANK], hours: {timezone: UTC, days: [mon, tue], from: '22:00', to: '06:00'}}`,
)

let desk: Desk
let folder: string
beforeEach(async () => {
  desk = await openDesk({ policy })
  folder = await mkdtemp(join(tmpdir(), 'countersign-trial-'))
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

/** An answer's words, as a reader of Slack sees them. */
async function typed(text: string, who = 'U_ALICE'): Promise<string> {
  const { blocks } = await desk.command(who, text)
  return words(blocks)
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join('\n')
  if (typeof value !== 'object' || value === null) return ''
  const { type, text, fallback } = value as Record<string, unknown>
  if (type === 'date') return String(fallback)
  if (type === 'rich_text_section')
    return ((value as { elements: unknown[] }).elements ?? []).map(words).join('')
  return typeof text === 'string' ? text : Object.values(value).map(words).filter(Boolean).join('\n')
}

const refund = (amount: unknown) => JSON.stringify({ tool: 'stripe.refund', arguments: { amount } })

test('a pasted request: which rule, why the earlier ones did not match, who would be asked, when it ends, what the agent is told', async () => {
  const said = await typed(`policy test ${refund(2_000)}`)
  for (const told of [
    'Policy version 1: 2 of finance (big-refunds)',
    'no-table-drops does not match: action.tool == "sql.execute" is false',
    'reads does not match: action.tool.startsWith("read.") is false',
    'big-refunds matches: action.tool == "stripe.refund" && action.arguments.amount > 1000',
    'Could approve it now: Alice Archer, Bob Brandt, Erin Eze',
    'Without an answer it expires 2026-03-02T11:00:00.000Z',
    'pending, by rule big-refunds',
  ])
    expect(said).toContain(told)

  expect(await typed(`policy test ${refund(20)}`)).toContain(
    'big-refunds does not match: action.arguments.amount > 1000 is false',
  )
  expect(await typed('policy test {"tool": "read.order"}')).toMatch(
    /allowed \(reads\)[\s\S]*approved at once/,
  )
  const dropped = JSON.stringify({ tool: 'sql.execute', arguments: { query: 'DROP TABLE orders' } })
  expect(await typed(`policy test ${dropped}`)).toMatch(
    /denied \(no-table-drops\)[\s\S]*rejected at once: Schema changes/,
  )
  expect(await typed(`policy test ${refund('much')}`)).toMatch(/big-refunds fails \(.+\): action\.tool/)
  expect(await typed('policy test {"action": {"tool": "other"}, "risk": "high"}')).toContain(
    'No rule decides, so the defaults do',
  )
})

test('as an agent, with the times of the ladder, in the hours of the role that is asked', async () => {
  await desk.agent('slow-bot', 'U_BOB')
  const said = await typed('policy test slow-bot {"tool": "slow"}')
  for (const told of [
    'As it would be asked now, for slow-bot.',
    'Could approve it now: Alice Archer, Erin Eze',
    'After 15m, 2026-03-02T10:15:00.000Z: a reminder',
    'After 1h, 2026-03-02T22:00:00.000Z: night is asked too. That would be after the end, and never comes',
    'After 90m, 2026-03-02T11:30:00.000Z: it needs 2 approvals',
  ])
    expect(said).toContain(told)
  expect(await typed('policy test {"tool": "slow"}')).toMatch(
    /slow does not match[\s\S]*no agent in particular|no agent in particular[\s\S]*slow does not match/,
  )
  expect(await typed('policy test slwo-bot {"tool": "slow"}')).toContain('did you mean "slow-bot"?')
})

test('an earlier request by its id, as of then, by the newest version or another', async () => {
  const agent = await desk.agent('past-bot')
  const { id } = await agent.ask({ tool: 'stripe.refund', arguments: { amount: 500 } })
  await desk.advance('1d')
  const strict = policy.replace('amount > 1000', 'amount > 100')
  const file = join(folder, 'policy.yaml')
  await writeFile(file, strict)
  const draft = await commandLine(desk, 'policy', 'test', id, '--file', file)
  expect(draft.lines.join('\n')).toContain('This document: 2 of finance (big-refunds)')
  expect((await commandLine(desk, 'policy', 'test', id)).lines.join('\n')).toMatch(
    /Policy version 1: 1 of finance \(refunds\)[\s\S]*was asked, 2026-03-02T10:00:00.000Z, for past-bot[\s\S]*Bob Brandt/,
  )
  await commandLine(desk, 'policy', 'apply', file, '--note', 'strict')
  expect(await typed(`policy test ${id}`)).toContain('Policy version 2: 2 of finance (big-refunds)')
  expect(await typed(`policy test ${id} --version 1`)).toContain('Policy version 1: 1 of finance (refunds)')
})

test('in a form, where nothing is typed: the answer stands above it, to try the next', async () => {
  await desk.agent('form-bot')
  const form = await openForm(desk, 'U_ALICE', 'policy test')
  const filled = (text: string, agent?: string) => ({
    request: { text: { type: 'plain_text_input', value: text } },
    ...(agent
      ? {
          agent: {
            name: {
              type: 'static_select',
              selected_option: { text: { type: 'plain_text', text: agent, emoji: false }, value: agent },
            },
          },
        }
      : {}),
  })
  await submit(desk, 'U_ALICE', form, filled(refund(20), 'form-bot'))
  expect(shown(desk, form)).toMatch(
    /1 of finance \(refunds\).*for form-bot.*Try it|for form-bot.*1 of finance/,
  )
  const refused = await submit(desk, 'U_ALICE', form, filled('{"tol": "x"}'))
  expect(refused.errors?.['request']).toMatch(/no request: .*\/action: Is required/)
})

test('what is no request is refused with what is wrong, and nothing is stored', async () => {
  expect(await typed('policy test {“tool”: “read.order”}')).toContain('curly quotation marks')
  expect(await typed('policy test refund-bot')).toContain('JSON in braces, as an agent sends it')
  expect(await typed('policy test {"tool": "no spaces please"}')).toContain('/tool: Must be 1 to 200 of')
  expect(await typed('policy test {"tool": "x", "tool": "y"}')).toMatch(/no request: .*tool/)
  expect(await typed('policy test apr_00000000000000000000000000')).toContain('There is no approval')
  expect(await typed(`policy test ${refund(1)} --version 7`)).toContain('There is no version 7')
  expect(await typed('policy test {"tool": "x"}', 'U_BOB')).toContain('There is nothing called')
  // What Slack escapes in a command comes back as it was.
  expect(await typed('policy test {"tool": "read.order", "arguments": {"q": "a<b && c>d"}}')).toContain(
    'allowed',
  )
  expect((await commandLine(desk, 'policy', 'test', '{', '--json')).json).toMatchObject({
    error: expect.stringContaining('is not JSON'),
  })
  const { rows } = await desk.app.ground.database.pool.query<{ count: string }>(
    'select count(*) from approval',
  )
  expect(rows).toEqual([{ count: '0' }])
})
