import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Stages over several roles: members of any, or at least one of each.

const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_BOB, U_ERIN]}
  legal: {channel: C_DATA, members: [U_FRANK, U_ERIN]}
  platform: {channel: C_PLATFORM, members: [U_CAROL], mention: members}
  ghosts: {channel: C_GENERAL, members: [S_GHOSTS]}
defaults:
  expires_in: 4h
  stages: [{roles: {any: [finance, legal]}, approvals: 2}]
rules:
  - name: contracts
    when: action.tool == "contract.sign"
    stages: [{roles: {all: [finance, legal]}}]
    escalation: [{after: 10m, do: remind}, {after: 30m, do: escalate, to: platform}]
  - name: haunted
    when: action.tool == "haunted"
    stages: [{roles: {all: [finance, ghosts]}}]
    escalation: [{after: 2h, do: escalate, to: platform}]
  - name: haunted-for-good
    when: action.tool == "haunted-for-good"
    stages: [{roles: {all: [finance, ghosts]}}]
`

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('contract-bot')
})
afterAll(() => desk.close())

const messages = () => desk.slack.sandbox.snapshot().messages
const cardIn = (channel: string, id: string) =>
  messages().find(
    ({ channel: where, metadata }) => where === channel && metadata?.event_payload.approval_id === id,
  )!
const linesUnder = (channel: string, id: string) =>
  messages().flatMap(({ thread_ts, ts, text }) =>
    thread_ts === cardIn(channel, id).ts && thread_ts !== ts ? [text] : [],
  )
const shownIn = (channel: string, id: string) => JSON.stringify(cardIn(channel, id).blocks)

async function approve(who: string, channel: string, id: string) {
  await desk.click(who, 'approve', cardIn(channel, id))
  await desk.settle()
}

test('each role gets a card, and one of each must approve', async () => {
  const { id, stages } = await agent.ask({ tool: 'contract.sign', summary: 'Sign the lease' })
  await desk.settle()
  expect(stages[0]).toMatchObject({
    role: 'finance and legal',
    roles: { all: ['finance', 'legal'] },
    approvals: 2,
  })
  await approve('U_BOB', 'C_FINANCE', id)
  expect((await agent.get(id)).status).toBe('pending')
  for (const channel of ['C_FINANCE', 'C_DATA']) {
    expect(shownIn(channel, id)).toContain('1 of 2 approvals')
    expect(shownIn(channel, id)).toContain('still to come from')
  }
  // Who is of both roles may click either card, and counts for the one that is missing.
  await approve('U_ERIN', 'C_FINANCE', id)
  expect(await agent.get(id)).toMatchObject({ status: 'approved', stages: [{ status: 'met' }] })
  const told = JSON.stringify((await desk.command('U_ALICE', `audit ${id}`)).blocks)
  expect(told).toContain('Stage 1 (finance and legal) is met')
  expect(told).toContain('by 2 of finance and legal')
})

test('only who is still waited for is reminded, and a role asked later stands in', async () => {
  const { id } = await agent.ask({ tool: 'contract.sign' })
  await desk.settle()
  await approve('U_ERIN', 'C_DATA', id)
  await approve('U_BOB', 'C_FINANCE', id)
  expect((await agent.get(id)).status).toBe('approved')

  const other = await agent.ask({ tool: 'contract.sign' })
  await desk.settle()
  await approve('U_BOB', 'C_FINANCE', other.id)
  await desk.advance('10m')
  expect(linesUnder('C_DATA', other.id)).toEqual([
    '✓ Bob Brandt approved.',
    expect.stringMatching(/waiting for legal: 1 of 2 approvals. Any of them can decide: (Erin|Frank)/),
  ])
  await desk.advance('20m')
  expect(shownIn('C_PLATFORM', other.id)).toContain('<@U_CAROL>')
  await approve('U_CAROL', 'C_PLATFORM', other.id)
  expect((await agent.get(other.id)).status).toBe('approved')
})

test('members of any of the roles count together', async () => {
  const { id, stages } = await agent.ask({ tool: 'unheard.of' })
  await desk.settle()
  expect(stages[0]).toMatchObject({ role: 'finance or legal', roles: { any: ['finance', 'legal'] } })
  await approve('U_FRANK', 'C_DATA', id)
  expect(JSON.stringify((await desk.command('U_FRANK', 'pending')).blocks)).toContain('finance or legal')
  await approve('U_BOB', 'C_FINANCE', id)
  expect((await agent.get(id)).status).toBe('approved')
})

test('one role of all that has nobody makes the stage unreachable, and its ladder moves on', async () => {
  const { id } = await agent.ask({ tool: 'haunted' })
  await desk.settle()
  expect(await agent.get(id)).toMatchObject({ unreachable: null, stages: [{ escalated_to: ['platform'] }] })
  const lost = await agent.ask({ tool: 'haunted-for-good' })
  await desk.settle()
  expect((await agent.get(lost.id)).unreachable).toBe('nobody in ghosts may approve it')
})

test('a row that was written when a stage had one role is read like any other', async () => {
  const { id } = await agent.ask({ tool: 'contract.sign' })
  await desk.settle()
  await desk.app.ground.database.pool.query(
    `update approval set plan = jsonb_set(plan::jsonb, '{stages}', '[{"role": "finance", "approvals": 1}]')::json,
       stages = jsonb_set(stages::jsonb #- '{0,roles}', '{0}', (stages::jsonb->0) - 'roles' || '{"role": "finance", "approvals": 1}')::json
     where id = $1`,
    [id],
  )
  expect((await agent.get(id)).stages).toMatchObject([{ role: 'finance', approvals: 1, status: 'open' }])
  await approve('U_BOB', 'C_FINANCE', id)
  expect((await agent.get(id)).status).toBe('approved')
})
