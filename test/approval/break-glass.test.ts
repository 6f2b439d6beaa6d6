import { describe, expect, test } from '@jest/globals'
import type { BreakGlassInput } from '../../src/approval/break-glass.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Refusal } from '../../src/approval/click.ts'
import {
  after,
  approve,
  asker,
  basis,
  bob,
  deadline,
  factTypes,
  finance,
  mallory,
  minute,
  opened,
  owner,
  platform,
  reject,
  seen,
  type Member,
} from './given.ts'

function breakGlass(by: Member, changes: Partial<BreakGlassInput> = {}): BreakGlassInput {
  return {
    type: 'break_glass',
    by: { slack_user_id: by.slack_user_id, name: by.name },
    stage: 0,
    revision: 1,
    seen,
    membership: { readable: true, roles: [] },
    named: true,
    comment: 'the shop is down',
    ...changes,
  }
}

const given = opened({ stages: [finance(2), platform()], break_glass: true })

test('one who is named approves alone, without being in any role, and it is marked as that', () => {
  const outcome = decide(given, breakGlass(mallory), minute(1))
  expect(outcome.next).toMatchObject({
    status: 'approved',
    decision: { by: { type: 'human', slack_user_id: 'U_MALLORY' }, reason: 'Break glass: the shop is down' },
  })
  expect(factTypes(outcome)).toEqual(['glass.broken', 'approval.approved'])
  expect(outcome.facts[0]).toMatchObject({
    data: { reason: 'the shop is down', left: ['finance', 'platform'], ...basis },
  })
})

test('the click alone changes nothing but that it was made', () => {
  const outcome = decide(given, breakGlass(mallory, { type: 'begin_break_glass' }), minute(1))
  expect(outcome.next).toBe(given)
  expect(factTypes(outcome)).toEqual(['form.opened'])
})

describe('is refused', () => {
  const freeze = { id: 'frz_1', agent_id: null, reason: 'a leak', at: minute(0), lifted_at: null }
  test.each<[string, Refusal, BreakGlassInput]>([
    ['to whom the policy does not name', 'not_named', breakGlass(mallory, { named: false })],
    ['to who asked', 'own_request', breakGlass(asker)],
    ['to the agent’s owner', 'own_agent', breakGlass(owner)],
    ['on an older card', 'stale', breakGlass(mallory, { revision: 0 })],
    ['at another stage', 'stale', breakGlass(mallory, { stage: 1 })],
  ])('%s', (_name, because, input) => {
    const outcome = decide(given, input, minute(1))
    expect(outcome.reply).toEqual({ counted: false, because })
    expect(factTypes(outcome)).toEqual(['click.refused'])
  })

  test('while it is frozen: it opens no freeze', () => {
    expect(decide(given, breakGlass(mallory), minute(1), [freeze]).reply).toMatchObject({ because: 'frozen' })
  })

  test('when it is over', () => {
    expect(decide(given, breakGlass(mallory), deadline).next.status).toBe('expired')
    const rejected = after(given, reject(bob, 'no'))
    expect(decide(rejected, breakGlass(mallory), minute(2)).reply).toMatchObject({ because: 'decided' })
  })
})

test('votes that were cast before stay', () => {
  const voted = after(given, approve(bob))
  expect(decide(voted, breakGlass(mallory), minute(2)).next.stages[0]?.votes).toHaveLength(1)
})
