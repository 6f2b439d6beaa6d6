import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import { shape } from '../../src/approval/shape.ts'
import {
  after,
  approve,
  bob,
  cancel,
  carol,
  deadline,
  expiryTimer,
  finance,
  minute,
  opened,
  platform,
  reject,
  second,
} from './given.ts'

const digest = `sha256:${'5e'.repeat(32)}`

/** The contract's fields, in its order, with what they are while nobody has done anything. */
const waiting = {
  id: 'apr_1',
  status: 'pending',
  created_at: '2026-03-02T09:00:00.000Z',
  expires_at: '2026-03-02T09:30:00.000Z',
  decided_at: null,
  agent: { name: 'refund-bot', owner: 'U_OLAF' },
  action: {
    tool: 'stripe.refund',
    arguments: { charge: 'ch_1', amount: 240 },
    summary: 'Refund $240 to order 1881',
    justification: 'Customer was charged twice',
  },
  action_digest: digest,
  risk: 'medium',
  environment: 'production',
  run_id: 'run_81',
  on_behalf_of: 'U_ADA',
  subject: { type: 'order', id: '1881', url: null },
  links: [{ title: 'Trace', url: 'https://trace.example/81' }],
  metadata: { team: 'support' },
  state: { step: 4 },
  retry_of: null,
  allowed_decisions: ['approve', 'reject'],
  policy: { version: 3, rule: 'refunds-over-100', effect: 'require_approval', reason: null },
  stages: [
    { role: 'finance', approvals: 1, status: 'open', escalated_to: [], votes: [] },
    { role: 'platform', approvals: 1, status: 'waiting', escalated_to: [], votes: [] },
  ],
  escalation: { level: 0, next_at: null },
  unreachable: null,
  decision: null,
  effective_action: null,
  permit: null,
  withdrawn: null,
  outcome: null,
  callback: { status: 'none', attempts: 0 },
}

const given = (changes: Parameters<typeof opened>[0] = {}) =>
  opened({ stages: [finance(), platform()], ...changes })

const bobsYes = {
  by: { slack_user_id: 'U_BOB', name: 'Bob' },
  vote: 'approve',
  comment: null,
  at: '2026-03-02T09:01:00.000Z',
}
const firstMet = {
  role: 'finance',
  approvals: 1,
  status: 'met',
  escalated_to: [],
  votes: [bobsYes],
}
const secondOpen = { ...waiting.stages[1], status: 'open' }

/** As an agent reads it: through JSON, with the order of the fields kept. */
function asRead(approval: Approval): Record<string, unknown> {
  return JSON.parse(JSON.stringify(shape(approval)))
}

describe('an agent sees an approval', () => {
  test('that waits', () => {
    expect(asRead(given())).toEqual(waiting)
  })

  test('with its fields in the contract’s order', () => {
    expect(Object.keys(asRead(given()))).toEqual(Object.keys(waiting))
  })

  test('that waits at its second stage', () => {
    expect(asRead(after(given(), approve(bob)))).toEqual({ ...waiting, stages: [firstMet, secondOpen] })
  })

  test('that was approved, with what may run and until when', () => {
    const carolsYes = {
      by: { slack_user_id: 'U_CAROL', name: 'Carol' },
      vote: 'approve',
      comment: 'go',
      at: '2026-03-02T09:02:00.000Z',
    }

    expect(asRead(after(given(), approve(bob), approve(carol, { ...second, comment: 'go' })))).toEqual({
      ...waiting,
      status: 'approved',
      decided_at: '2026-03-02T09:02:00.000Z',
      stages: [firstMet, { ...secondOpen, status: 'met', votes: [carolsYes] }],
      decision: {
        by: { type: 'human', slack_user_id: 'U_CAROL', name: 'Carol' },
        reason: 'go',
        retry: null,
        at: '2026-03-02T09:02:00.000Z',
      },
      effective_action: {
        tool: 'stripe.refund',
        arguments: { charge: 'ch_1', amount: 240 },
        digest,
        edited: false,
        valid_until: '2026-03-02T10:02:00.000Z',
      },
    })
  })

  test('that was rejected', () => {
    const bobsNo = { ...bobsYes, vote: 'reject', comment: 'wrong customer' }

    expect(asRead(after(given(), reject(bob, 'wrong customer')))).toEqual({
      ...waiting,
      status: 'rejected',
      decided_at: '2026-03-02T09:01:00.000Z',
      stages: [{ ...waiting.stages[0], votes: [bobsNo] }, waiting.stages[1]],
      decision: {
        by: { type: 'human', slack_user_id: 'U_BOB', name: 'Bob' },
        reason: 'wrong customer',
        retry: null,
        at: '2026-03-02T09:01:00.000Z',
      },
    })
  })

  test.each([
    ['expire', 'expired', 'Nobody decided in time'],
    ['reject', 'rejected', 'Nobody decided in time, and the policy rejects then'],
  ] as const)('whose time ran out, on_timeout %s', (on_timeout, status, reason) => {
    expect(asRead(decide(given({ on_timeout }), expiryTimer, deadline).next)).toEqual({
      ...waiting,
      status,
      decided_at: '2026-03-02T09:30:00.000Z',
      decision: { by: { type: 'timeout' }, reason, retry: null, at: '2026-03-02T09:30:00.000Z' },
    })
  })

  test('that was cancelled', () => {
    expect(asRead(after(given(), cancel))).toEqual({
      ...waiting,
      status: 'cancelled',
      decided_at: '2026-03-02T09:01:00.000Z',
      decision: {
        by: { type: 'agent', name: 'refund-bot' },
        reason: 'the customer gave up',
        retry: null,
        at: '2026-03-02T09:01:00.000Z',
      },
    })
  })

  test('that the policy denied', () => {
    expect(asRead(given({ effect: 'deny', stages: [], reason: 'Never' }))).toEqual({
      ...waiting,
      status: 'rejected',
      decided_at: waiting.created_at,
      policy: { ...waiting.policy, effect: 'deny', reason: 'Never' },
      stages: [],
      decision: {
        by: { type: 'policy', version: 3, rule: 'refunds-over-100' },
        reason: 'Never',
        retry: null,
        at: waiting.created_at,
      },
    })
  })

  test('that the policy allowed, with what may run', () => {
    expect(asRead(given({ effect: 'allow', stages: [] }))).toMatchObject({
      status: 'approved',
      decision: { by: { type: 'policy' } },
      effective_action: { edited: false, valid_until: '2026-03-02T10:00:00.000Z' },
    })
  })

  test('whose callback is due', () => {
    const called = opened({}, { callback_url: 'https://agent.example/hooks' })

    expect(asRead(called)['callback']).toEqual({ status: 'none', attempts: 0 })
    expect(asRead(after(called, approve(bob)))['callback']).toEqual({ status: 'pending', attempts: 0 })
  })

  test('and neither the address it left nor what only approvers are shown', () => {
    const left = opened({}, { callback_url: 'https://agent.example/hooks', before: { amount: 1 } })

    expect(Object.keys(asRead(left))).toEqual(Object.keys(waiting))
  })

  test('with every time in RFC 3339, UTC and milliseconds', () => {
    const escalated = {
      ...given(),
      escalation: { level: 1, next_at: minute(12.3456), warned: 0, extended: false, thawed_ms: 0 },
    }

    expect(asRead(escalated)['escalation']).toEqual({ level: 1, next_at: '2026-03-02T09:12:20.736Z' })
  })
})
