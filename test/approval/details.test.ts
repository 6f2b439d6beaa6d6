import { describe, expect, test } from '@jest/globals'
import { decide } from '../../src/approval/decide.ts'
import {
  after,
  approve,
  bob,
  cancel,
  carol,
  dora,
  factTypes,
  finance,
  human,
  mallory,
  minute,
  opened,
  openDetails,
  platform,
  reject,
  second,
} from './given.ts'

const now = minute(7)
const reading = { require_details_opened: true }

test('who reads it is remembered, with what they read, and changes nothing for others', () => {
  const given = opened()
  const { next, facts, effects, reply } = decide(given, openDetails(bob), now)
  expect(reply).toEqual({ counted: true })
  expect(next).toEqual({ ...given, details_opened: { U_BOB: 1 } })
  expect(facts).toEqual([{ type: 'details.opened', actor: human(bob), data: { stage: 0, revision: 1 } }])
  expect(effects).toEqual([])
})

test('whom it does not concern is refused, and it is recorded', () => {
  const given = opened()
  const { next, facts, reply } = decide(given, openDetails(mallory, { concerned: false }), now)
  expect(reply).toEqual({ counted: false, because: 'not_concerned' })
  expect(next).toBe(given)
  expect(facts).toMatchObject([
    { type: 'click.refused', data: { click: 'details', because: 'not_concerned' } },
  ])
})

test('what was decided can still be read', () => {
  const given = after(opened(), cancel)
  const { next, facts, reply } = decide(given, openDetails(bob), now)
  expect(reply).toEqual({ counted: true })
  expect(next).toBe(given)
  expect(factTypes({ facts })).toEqual(['details.opened'])
})

test('an older card opens the request as it is now', () => {
  const given = after(opened({ stages: [finance(), platform()] }), approve(bob))
  const { facts } = decide(given, openDetails(carol), now)
  expect(facts).toMatchObject([{ data: { revision: 2 } }])
})

describe('where the rule asks that Details are read', () => {
  test('only who has read it approves', () => {
    const given = after(opened({ ...reading, stages: [finance(2)] }), openDetails(bob))
    expect(decide(given, approve(dora), now).reply).toEqual({
      counted: false,
      because: 'details_unopened',
    })
    expect(decide(given, approve(bob), now).reply).toEqual({ counted: true })
  })

  test('whoever has not can reject', () => {
    expect(decide(opened(reading), reject(bob, 'no'), now).reply).toEqual({ counted: true })
  })

  test('what was read before the next stage opened does not count there', () => {
    const two = { ...reading, stages: [finance(), platform()] }
    const given = after(opened(two), openDetails(carol), openDetails(bob), approve(bob))
    const vote = approve(carol, second)
    expect(decide(given, vote, now).reply).toEqual({ counted: false, because: 'details_unopened' })
    expect(decide(after(given, openDetails(carol)), vote, now).reply).toEqual({ counted: true })
  })

  test('what Slack did not show was not read', () => {
    const failed = {
      type: 'details_failed' as const,
      by: { slack_user_id: 'U_BOB', name: 'Bob' },
      stage: 0,
      revision: 1,
      error: 'expired_trigger_id',
    }
    const given = after(opened(reading), openDetails(dora), openDetails(bob), failed)
    expect(given.details_opened).toEqual({ U_DORA: 1 })
    expect(decide(given, approve(bob), now).reply).toEqual({
      counted: false,
      because: 'details_unopened',
    })
  })
})
