import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import type { RevokeInput } from '../../src/approval/revoke.ts'
import { revoke } from './answers-given.ts'
import {
  after,
  agent,
  approve,
  bob,
  carol,
  finance,
  human,
  mallory,
  minute,
  opened,
  owner,
  platform,
  reject,
  requestOf,
} from './given.ts'

const consume: Input = {
  type: 'consume',
  by: { name: agent.name },
  execution_id: 'exec_1',
  action_digest: requestOf().action_digest,
}
const skipped = { error: null, attempts: null, duration_ms: null, cost: null, tokens: null }
const report: Input = {
  type: 'report_outcome',
  by: { name: agent.name },
  outcome: { status: 'skipped', ...skipped },
}

const waiting = opened(
  { stages: [finance(), platform()], valid_for_ms: 60 * 60_000 },
  { callback_url: 'https://agent.example/hooks' },
)
const approved = after(waiting, approve(bob), approve(carol, { stage: 1, revision: 2 }))

describe('an approval is revoked', () => {
  test('by an approver: it stays approved, may not run any more, and its agent is told', () => {
    const { next, facts, effects, reply } = decide(approved, revoke(bob), minute(5))
    expect(reply).toEqual({ counted: true })
    const withdrawn = { by: human(bob), reason: 'the customer called', at: minute(5) }
    expect(next).toEqual({ ...approved, withdrawn })
    expect(facts).toEqual([
      { type: 'approval.withdrawn', actor: human(bob), data: { reason: 'the customer called' } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }, { do: 'call_back', type: 'approval.withdrawn' }])
    expect(decide(next, consume, minute(6)).reply).toEqual({ counted: false, because: 'withdrawn' })
  })

  const none = { readable: true as const, roles: [] }
  const unreadable = { readable: false as const, detail: 'ratelimited' }
  test.each<[string, RevokeInput]>([
    ['a member of an earlier stage’s role, from any card', revoke(bob, { stage: 0, revision: 1 })],
    ['who owns the agent, where they are in a role', revoke(owner)],
    ['who voted, whatever their roles are by now', revoke(carol, { membership: none })],
    ['who voted, where Slack does not say', revoke(carol, { membership: unreadable })],
    ['an admin who is in no role', revoke(mallory, { is_admin: true })],
  ])('by %s', (_who, input) => {
    expect(decide(approved, input, minute(5)).next.withdrawn).not.toBeNull()
    const begun = decide(approved, { ...input, type: 'begin_revoke' }, minute(5))
    expect([begun.next, begun.reply]).toEqual([approved, { counted: true }])
    expect(begun.facts).toMatchObject([{ type: 'form.opened', data: { click: 'revoke' } }])
  })
})

test.each<[Refusal, Approval, RevokeInput, number]>([
  ['not_approved', waiting, revoke(bob), 5],
  ['not_approved', after(waiting, reject(bob, 'no')), revoke(bob), 5],
  ['withdrawn_already', after(approved, revoke(bob)), revoke(carol), 5],
  ['begun', after(approved, consume), revoke(bob), 5],
  ['begun', after(approved, report), revoke(bob), 5],
  ['past_its_time', approved, revoke(bob), 62],
  ['may_not_revoke', approved, revoke(mallory), 5],
  [
    'membership_unreadable',
    approved,
    revoke(mallory, { membership: { readable: false, detail: 'ratelimited' } }),
    5,
  ],
])('is refused as %s, with the words kept', (because, given, input, at) => {
  for (const type of ['revoke', 'begin_revoke'] as const) {
    const { next, facts, effects, reply } = decide(given, { ...input, type }, minute(at))
    expect([next, effects, reply]).toEqual([given, [], { counted: false, because }])
    expect(facts).toMatchObject([
      { type: 'click.refused', data: { click: 'revoke', because, comment: 'the customer called' } },
    ])
  }
})

test('it can be revoked to the last millisecond in which it could run', () => {
  const until = approved.decided_at!.getTime() + 60 * 60_000
  expect(decide(approved, revoke(bob), new Date(until - 1)).reply).toEqual({ counted: true })
  expect(decide(approved, revoke(bob), new Date(until)).reply).toMatchObject({ because: 'past_its_time' })
})
