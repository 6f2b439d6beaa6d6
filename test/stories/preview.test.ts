import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { previewSchema } from '../../src/intake/preview-schema.ts'
import type { TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'

// Bob and Erin are in S_FINANCE; Dave owns the agent. It is a Monday, 10:00 in UTC.
const policy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [S_FINANCE]}
  owners: {channel: C_PLATFORM, members: [U_DAVE]}
  night: {channel: C_DATA, members: [U_FRANK], hours: {timezone: UTC, days: [mon, tue, wed, thu, fri], from: '22:00', to: '06:00'}}
  ghosts: {channel: C_DATA, members: [S_GHOSTS]}
defaults:
  stages: [{role: finance, approvals: 1}]
rules:
  - name: small
    when: action.tool == "stripe.refund" && action.arguments.amount < 100
    effect: allow
  - name: refunds
    when: action.tool == "stripe.refund"
    stages: [{role: finance, approvals: 2}, {role: night, approvals: 1}]
    expires_in: 2d
    valid_for: 30m
    extend: 1h
    on_timeout: reject
    escalation: [{after: 15m, do: remind}, {after: 1h, do: escalate, to: night}]
  - name: own
    when: action.tool == "own"
    stages: [{role: owners, approvals: 1}]
  - name: rescued
    when: action.tool == "rescued"
    stages: [{role: ghosts, approvals: 1}]
    escalation: [{after: 1h, do: escalate, to: finance}]
  - name: twice
    when: action.tool == "twice"
    stages: [{role: finance, approvals: 2}, {roles: {any: [finance, owners]}, approvals: 1}]
  - name: denied
    when: action.tool == "denied"
    effect: deny
    reason: Nobody may
`

let desk: Desk
let agent: TestAgent
beforeEach(async () => {
  desk = await openDesk({ policy })
  agent = await desk.agent('planning-bot')
})
afterEach(() => desk.close())

async function preview(action: object, more: object = {}): Promise<Record<string, unknown>> {
  const { status, body } = await agent.send<Record<string, unknown>>('POST', '/v1/approvals/preview', {
    action,
    ...more,
  })
  expect([status, previewSchema.safeParse(body).error]).toEqual([200, undefined])
  return body
}
const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }

test('says what would become of a request: the rules, the stages with their times, and when it ends', async () => {
  expect(await preview(refund)).toMatchObject({
    status: 'pending',
    policy: { version: 1, rule: 'refunds', effect: 'require_approval' },
    tried: [
      { rule: 'small', outcome: 'not_matched', detail: null },
      { rule: 'refunds', outcome: 'matched', detail: null },
    ],
    stages: [
      {
        role: 'finance',
        approvals: 2,
        eligible: 2,
        can_be_met: true,
        problem: null,
        escalation: [
          { do: 'remind', after: 900, at: '2026-03-02T10:15:00.000Z' },
          { do: 'escalate', to: 'night', after: 3_600, at: '2026-03-02T22:00:00.000Z' },
        ],
      },
      { role: 'night', approvals: 1, eligible: 1, escalation: [{ at: null }, { at: null }] },
    ],
    can_be_met: true,
    expires_at: '2026-03-04T10:00:00.000Z',
    on_timeout: 'reject',
    extend: 3_600,
    valid_for: 1_800,
    decision: null,
    freeze: null,
  })
  const { body: opened } = await agent.send('POST', '/v1/approvals', { action: refund })
  expect(opened).toMatchObject({
    action_digest: (await preview(refund)).action_digest,
    expires_at: '2026-03-04T10:00:00.000Z',
  })
})

test('stores nothing, asks nobody, and tells roles and numbers, no names', async () => {
  const count = async () => {
    const text = `select (select count(*) from approval) + (select count(*) from event) + (select count(*) from job) as all_rows`
    return (await desk.app.ground.database.pool.query<{ all_rows: string }>(text)).rows
  }
  await desk.settle()
  const before = await count()
  const seen = JSON.stringify(await preview(refund))
  expect(await count()).toEqual(before)
  for (const name of ['U_BOB', 'U_ERIN', 'U_FRANK', 'S_FINANCE', 'C_FINANCE'])
    expect(seen).not.toContain(name)
})

test('says what failed, and what would be decided at once', async () => {
  expect(await preview({ tool: 'stripe.refund' })).toMatchObject({
    policy: { rule: 'refunds' },
    tried: [
      { rule: 'small', outcome: 'failed', detail: expect.stringContaining('amount') },
      { rule: 'refunds', outcome: 'matched' },
    ],
  })
  expect(await preview({ tool: 'denied' })).toMatchObject({
    status: 'rejected',
    stages: [],
    can_be_met: null,
    decision: { by: { type: 'policy', rule: 'denied' }, reason: 'Nobody may' },
  })
  expect(await preview({ tool: 'stripe.refund', arguments: { amount: 5 } })).toMatchObject({
    status: 'approved',
    decision: { by: { type: 'policy', rule: 'small' } },
  })
})

test('says whether it can be met, and why not: the owner, too few people, nobody there, a role that would be asked at once', async () => {
  expect(await preview({ tool: 'own' })).toMatchObject({
    stages: [{ eligible: 0, can_be_met: false, problem: 'nobody in owners may approve it' }],
    can_be_met: false,
    problem: 'nobody in owners may approve it',
  })
  expect(await preview({ tool: 'rescued' })).toMatchObject({
    stages: [
      { eligible: 0, can_be_met: true, problem: 'nobody in ghosts may approve it', moves_on_to: ['finance'] },
    ],
    can_be_met: true,
  })
  // Both of finance approve the first stage, and the owner may not approve the second.
  expect(await preview({ tool: 'twice' })).toMatchObject({
    stages: [{ can_be_met: true }, { eligible: 2, can_be_met: true }],
    can_be_met: false,
    problem: expect.stringContaining('nobody may approve two stages'),
  })
  expect(await preview(refund, { on_behalf_of: 'U_ERIN' })).toMatchObject({
    stages: [
      {
        eligible: 1,
        can_be_met: true,
        problem: '1 of finance may approve it, and 2 more are needed',
        moves_on_to: ['night'],
      },
      {},
    ],
    can_be_met: false,
  })
})

test('says that it does not know where Slack does not answer, and what Slack refuses to say', async () => {
  desk.slack.sandbox.inject({ kind: 'http_error', status: 503, method: 'usergroups.users.list', times: 4 })
  expect(await preview(refund)).toMatchObject({
    stages: [{ eligible: null, can_be_met: null }, {}],
    can_be_met: null,
  })
  desk.slack.sandbox.clearFaults()
  desk.slack.sandbox.inject({
    kind: 'slack_error',
    error: 'no_such_subteam',
    method: 'usergroups.users.list',
  })
  expect(await preview({ tool: 'other' })).toMatchObject({
    can_be_met: false,
    problem: expect.stringContaining('no_such_subteam'),
  })
})

test('names a freeze in force, under which it would be rejected at once', async () => {
  await desk.command('U_ALICE', 'freeze all keys have leaked')
  expect(await preview(refund)).toMatchObject({
    status: 'rejected',
    decision: { by: { type: 'freeze' }, reason: 'keys have leaked' },
    freeze: { reason: 'keys have leaked' },
  })
})

test('refuses what the real request would be refused for', async () => {
  const { status, body } = await agent.send('POST', '/v1/approvals/preview', {
    action: { tol: 'x' },
    rsik: 'low',
  })
  expect([status, (body as { errors?: object[] }).errors]).toMatchObject([
    400,
    expect.arrayContaining([
      { pointer: '/rsik', detail: expect.stringContaining('did you mean "risk"') },
      { pointer: '/action/tool', detail: 'Is required' },
    ]),
  ])
})
