import { describe, expect, test } from '@jest/globals'
import { decide } from '../../src/approval/decide.ts'
import {
  after,
  approve,
  asker,
  basis,
  bob,
  carol,
  dora,
  erin,
  finance,
  human,
  minute,
  opened,
  owner,
  person,
  platform,
  reject,
  second,
} from './given.ts'

const now = minute(7)

describe('a reason of the policy', () => {
  const reject_reasons = [
    { reason: 'Not a customer', retry: 'never' as const },
    { reason: 'Wrong amount', retry: 'after_change' as const },
    { reason: 'Later', retry: null },
  ]
  const given = opened({ reject_reasons })

  test.each([
    [0, null, 'Not a customer', 'never'],
    [1, 'it was 24', 'Wrong amount: it was 24', 'after_change'],
    [2, '', 'Later', null],
    [null, 'in my own words', 'in my own words', null],
    [3, 'of no such place', 'of no such place', null],
    [-1, null, null, null],
  ])('at place %s, with %j added', (canned, comment, reason, retry) => {
    const { next, facts } = decide(given, reject(bob, comment, { canned }), now)
    expect(next.decision).toMatchObject({ reason, retry })
    expect(next.stages[0]?.votes).toMatchObject([{ comment: reason }])
    expect(facts).toMatchObject([{ data: { comment: reason } }, { data: { reason, retry } }])
  })

  test('says nothing to who approves', () => {
    const { next } = decide(given, approve(bob, { canned: 0 }), now)
    expect(next.decision).toMatchObject({ reason: null, retry: null })
  })
})

describe('rejecting', () => {
  test('by one ends the approval with that person’s reason', () => {
    const given = opened({ stages: [finance(2), platform()] })

    const { next, facts, effects, reply } = decide(given, reject(bob, 'wrong customer'), now)

    expect(reply).toEqual({ counted: true })
    expect(next).toMatchObject({ status: 'rejected', decided_at: now })
    expect(next.decision).toEqual({ by: human(bob), reason: 'wrong customer', retry: null, at: now })
    expect(next.stages[0]?.votes).toEqual([
      { by: person(bob), vote: 'reject', roles: ['finance'], comment: 'wrong customer', at: now },
    ])
    const actor = human(bob)
    expect(facts).toEqual([
      {
        type: 'vote.cast',
        actor,
        data: {
          vote: 'reject',
          stage: 0,
          revision: 1,
          roles: ['finance'],
          comment: 'wrong customer',
          ...basis,
        },
      },
      { type: 'approval.rejected', actor, data: { reason: 'wrong customer', retry: null } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('at the second stage undoes nothing of the first and still ends it all', () => {
    const given = after(opened({ stages: [finance(), platform()] }), approve(bob))

    const { next } = decide(given, reject(carol, 'not today', second), now)

    expect(next).toMatchObject({ status: 'rejected', decision: { by: human(carol) } })
    expect(next.stages[0]).toMatchObject({ status: 'met', votes: [{ by: person(bob), vote: 'approve' }] })
  })

  test('is open to who approved the same stage before', () => {
    const given = after(opened({ stages: [finance(2)] }), approve(bob))

    const { next } = decide(given, reject(bob, 'I misread it'), now)

    expect(next.status).toBe('rejected')
    expect(next.stages[0]?.votes.map((vote) => vote.vote)).toEqual(['approve', 'reject'])
  })

  test('is open to who approved an earlier stage', () => {
    const given = after(opened({ stages: [finance(), platform()] }), approve(erin))

    expect(decide(given, reject(erin, 'I misread it', second), now).next.status).toBe('rejected')
  })

  test.each([
    ['the asker', asker],
    ['the agent’s owner', owner],
  ])('is open to %s, whom the separation of duties only keeps from approving', (_, who) => {
    expect(decide(opened(), reject(who, 'stop'), now).next.status).toBe('rejected')
  })

  test('is possible where the agent cannot act on an approval', () => {
    const given = opened({ allowed_decisions: ['reject'] })

    expect(decide(given, reject(bob, 'no'), now).next.status).toBe('rejected')
  })

  test('calls the agent back where it left an address', () => {
    const given = opened({}, { callback_url: 'https://agent.example/hooks' })

    expect(decide(given, reject(bob, 'no'), now).effects).toContainEqual({
      do: 'call_back',
      type: 'approval.rejected',
    })
  })
})

describe('opening a form first', () => {
  test.each(['approve', 'reject'] as const)('to %s is recorded and changes nothing', (vote) => {
    const given = opened()

    const { next, facts, effects, reply } = decide(given, approve(bob, { type: 'begin_vote', vote }), now)

    expect(next).toBe(given)
    expect(facts).toEqual([
      { type: 'form.opened', actor: human(bob), data: { click: vote, stage: 0, revision: 1 } },
    ])
    expect(effects).toEqual([])
    expect(reply).toEqual({ counted: true })
  })

  test('does not reserve the decision: who submits later is judged by what it is then', () => {
    const given = after(opened(), approve(bob, { type: 'begin_vote', vote: 'reject' }), approve(dora))

    expect(decide(given, reject(bob, 'too late'), now).reply).toEqual({ counted: false, because: 'decided' })
  })
})
