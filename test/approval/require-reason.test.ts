import { describe, expect, test } from '@jest/globals'
import { decide } from '../../src/approval/decide.ts'
import { after, approve, bob, dora, finance, minute, opened, opening, reject } from './given.ts'

describe('a rule that asks why', () => {
  const given = opened({ require_reason: true, stages: [finance(2)] })

  test.each([null, '', ' \n '])('takes no approval that says %j', (comment) => {
    const { next, reply, facts } = decide(given, approve(bob, { comment }), minute(1))

    expect([next, reply]).toEqual([given, { counted: false, because: 'reason_missing' }])
    expect(facts).toMatchObject([{ type: 'click.refused', data: { because: 'reason_missing' } }])
  })

  test('opens the form for it', () => {
    const { reply, facts } = decide(given, approve(bob, { type: 'begin_vote' }), minute(1))

    expect(reply).toEqual({ counted: true })
    expect(facts).toMatchObject([{ type: 'form.opened', data: { click: 'approve' } }])
  })

  test('takes what is said, and keeps it with the vote and the last one with the decision', () => {
    const done = after(
      given,
      approve(bob, { comment: 'Seen the invoice' }),
      approve(dora, { comment: 'So have I' }),
    )

    expect(done).toMatchObject({
      status: 'approved',
      stages: [{ votes: [{ comment: 'Seen the invoice' }, { comment: 'So have I' }] }],
      decision: { reason: 'So have I' },
    })
  })

  test('has nothing to say about a rejection', () => {
    expect(after(given, reject(bob, null)).status).toBe('rejected')
  })
})

describe('a rule that asks who asked', () => {
  const denied = {
    effect: 'deny' as const,
    stages: [],
    reason: 'on_behalf_of is missing',
    require_on_behalf_of: true,
  }

  test('tells the agent that it may try again with it', () => {
    expect(opened(denied, { on_behalf_of: null })).toMatchObject({
      status: 'rejected',
      decision: { by: { type: 'policy' }, reason: 'on_behalf_of is missing', retry: 'after_change' },
    })
  })

  test('is asked of people like any other once it is said', () => {
    const { next, effects } = opening({ require_on_behalf_of: true })
    expect(next.status).toBe('pending')
    expect(effects).toContainEqual({ do: 'show_cards' })
  })
})
