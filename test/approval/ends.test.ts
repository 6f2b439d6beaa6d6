import { describe, expect, test } from '@jest/globals'
import type { Status } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import {
  after,
  agent,
  approve,
  bob,
  cancel,
  deadline,
  expiryTimer,
  factTypes,
  finance,
  human,
  justAfter,
  justBefore,
  minute,
  opened,
  platform,
  reject,
  start,
} from './given.ts'

describe('cancelling', () => {
  test('by the agent ends a pending approval, on every card so far', () => {
    const given = after(opened({ stages: [finance(), platform(), finance()] }), approve(bob))

    const { next, facts, effects, reply } = decide(given, cancel, minute(5))

    const by = { type: 'agent', name: agent.name }
    expect(reply).toEqual({ counted: true })
    expect(next).toMatchObject({ status: 'cancelled', decided_at: minute(5) })
    expect(next.decision).toEqual({ by, reason: 'the customer gave up', retry: null, at: minute(5) })
    expect(facts).toEqual([
      { type: 'approval.cancelled', actor: by, data: { reason: 'the customer gave up', retry: null } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('needs no reason', () => {
    const { next } = decide(opened(), { type: 'cancel', by: agent, reason: null }, minute(5))

    expect(next.decision).toMatchObject({ by: { type: 'agent', name: agent.name }, reason: null })
  })

  test('calls back where there is somebody to call', () => {
    const given = opened({}, { callback_url: 'https://agent.example/hooks' })

    const { next, effects } = decide(given, cancel, minute(5))

    expect(effects).toContainEqual({ do: 'call_back', type: 'approval.cancelled' })
    expect(next.callback).toEqual({ status: 'pending', attempts: 0 })
  })
})

describe('the end of the time', () => {
  test.each([
    ['expires it', 'expire', 'expired'],
    ['rejects it where the policy says so', 'reject', 'rejected'],
  ] as const)('%s, and nobody is named for it', (_, on_timeout, status) => {
    const given = after(opened({ stages: [finance(2)], on_timeout }), approve(bob))

    const { next, facts, effects, reply } = decide(given, expiryTimer, deadline)

    expect(reply).toEqual({ counted: true })
    expect(next).toMatchObject({ status, decided_at: deadline })
    expect(next.decision).toMatchObject({ by: { type: 'timeout' }, retry: null, at: deadline })
    expect(facts).toEqual([
      {
        type: `approval.${status}`,
        actor: { type: 'timeout' },
        data: { reason: next.decision?.reason, retry: null },
      },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test.each([
    ['expire', 'approval.expired'],
    ['reject', 'approval.rejected'],
  ] as const)('with on_timeout %s calls back with %s', (on_timeout, type) => {
    const given = opened({ on_timeout }, { callback_url: 'https://agent.example/hooks' })

    expect(decide(given, expiryTimer, deadline).effects).toContainEqual({ do: 'call_back', type })
  })

  test('clears what only matters while it waits', () => {
    const given = {
      ...opened(),
      escalation: { level: 1, next_at: minute(40), warned: 0, extended: false, thawed_ms: 0 },
      unreachable: 'nobody is in finance',
    }

    const { next } = decide(given, expiryTimer, deadline)

    expect(next.escalation).toEqual({ level: 1, next_at: null, warned: 0, extended: false, thawed_ms: 0 })
    expect(next.unreachable).toBeNull()
  })

  test.each([
    ['at the start', start],
    ['a millisecond early', justBefore],
  ])('is not there %s: the timer changes nothing', (_, now) => {
    const given = opened()

    const { next, facts, effects, reply } = decide(given, expiryTimer, now)

    expect(next).toBe(given)
    expect([facts, effects]).toEqual([[], []])
    expect(reply).toEqual({ counted: false, because: 'not_due' })
  })

  test('is told with the moment it was noticed, where the timer is late', () => {
    const { next } = decide(opened(), expiryTimer, minute(45))

    expect(next).toMatchObject({ status: 'expired', decided_at: minute(45), expires_at: deadline })
  })
})

describe('what arrives around the end of the time', () => {
  const lastChance: [string, Input, Status][] = [
    ['an approval', approve(bob), 'approved'],
    ['a rejection', reject(bob, 'no'), 'rejected'],
    ['a cancellation', cancel, 'cancelled'],
  ]

  test.each(lastChance)('%s a millisecond before it counts', (_, input, status) => {
    expect(decide(opened(), input, justBefore)).toMatchObject({ next: { status }, reply: { counted: true } })
  })

  describe.each([
    ['at its very millisecond', deadline],
    ['after it', justAfter],
  ])('%s', (_, now) => {
    test.each([
      ['an approval', approve(bob)],
      ['a rejection', reject(bob, 'no')],
      ['a form being opened', approve(bob, { type: 'begin_vote' })],
    ])('%s finds it expired, and both are recorded', (_, input) => {
      const outcome = decide(opened(), input, now)

      expect(outcome.next).toMatchObject({
        status: 'expired',
        decided_at: now,
        decision: { by: { type: 'timeout' } },
      })
      expect(outcome.next.stages[0]?.votes).toEqual([])
      expect(outcome.reply).toEqual({ counted: false, because: 'decided' })
      expect(factTypes(outcome)).toEqual(['approval.expired', 'click.refused'])
      expect(outcome.facts[1]).toMatchObject({ actor: human(bob), data: { because: 'decided' } })
      expect(outcome.effects).toEqual([{ do: 'show_cards' }])
    })

    test('a cancellation finds it expired', () => {
      const outcome = decide(opened(), cancel, now)

      expect(outcome.next.status).toBe('expired')
      expect(outcome.reply).toEqual({ counted: false, because: 'decided' })
      expect(factTypes(outcome)).toEqual(['approval.expired'])
    })

    test('an approval finds it rejected where the policy rejects then', () => {
      const outcome = decide(opened({ on_timeout: 'reject' }), approve(bob), now)

      expect(outcome.next).toMatchObject({ status: 'rejected', decision: { by: { type: 'timeout' } } })
      expect(factTypes(outcome)).toEqual(['approval.rejected', 'click.refused'])
    })
  })
})
