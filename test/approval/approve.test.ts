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
  factTypes,
  finance,
  human,
  minute,
  opened,
  owner,
  person,
  platform,
  second,
} from './given.ts'

const now = minute(7)

describe('approving', () => {
  test('the only stage with the only vote it needs approves the action', () => {
    const given = opened()

    const { next, facts, effects, reply } = decide(given, approve(bob, { comment: 'fine by me' }), now)

    expect(reply).toEqual({ counted: true })
    expect(next).toMatchObject({ status: 'approved', decided_at: now })
    expect(next.decision).toEqual({ by: human(bob), reason: 'fine by me', retry: null, at: now })
    expect(next.stages[0]).toMatchObject({
      status: 'met',
      votes: [{ by: person(bob), vote: 'approve', comment: 'fine by me', at: now }],
    })
    const actor = human(bob)
    expect(facts).toEqual([
      {
        type: 'vote.cast',
        actor,
        data: { vote: 'approve', stage: 0, revision: 1, roles: ['finance'], comment: 'fine by me', ...basis },
      },
      { type: 'stage.met', actor, data: { stage: 0, role: 'finance' } },
      { type: 'approval.approved', actor, data: { reason: 'fine by me', retry: null } },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('a stage that needs two is not met by one', () => {
    const given = opened({ stages: [finance(2)] })

    const outcome = decide(given, approve(bob), now)

    expect(outcome.next).toMatchObject({ status: 'pending', revision: 1, stages: [{ status: 'open' }] })
    expect(outcome.next.stages[0]?.votes).toHaveLength(1)
    expect(factTypes(outcome)).toEqual(['vote.cast'])
    expect(outcome.effects).toEqual([{ do: 'show_cards' }])
  })

  test('the second of two may use the card that the first one used', () => {
    const given = after(opened({ stages: [finance(2)] }), approve(bob))

    const outcome = decide(given, approve(dora), now)

    expect(outcome.next).toMatchObject({ status: 'approved', decision: { by: human(dora) } })
    expect(factTypes(outcome)).toEqual(['vote.cast', 'stage.met', 'approval.approved'])
  })

  test('the first of two stages opens the second, and shows both', () => {
    const given = opened({ stages: [finance(), platform()] })

    const outcome = decide(given, approve(bob), now)

    expect(outcome.next).toMatchObject({ status: 'pending', decision: null, revision: 2 })
    expect(outcome.next.stages).toMatchObject([
      { status: 'met' },
      { status: 'open', opened_at: now, votes: [] },
    ])
    expect(factTypes(outcome)).toEqual(['vote.cast', 'stage.met'])
    expect(outcome.effects).toEqual([
      { do: 'show_cards' },
      { do: 'set_timer', step: { at: 'warning', percent: 50 }, at: minute(15) },
    ])
  })

  test('the last stage approves the action, and every card says so', () => {
    const given = after(opened({ stages: [finance(), platform()] }), approve(bob))

    const outcome = decide(given, approve(carol, second), now)

    expect(outcome.next.status).toBe('approved')
    expect(outcome.next.stages.map((stage) => stage.status)).toEqual(['met', 'met'])
    expect(outcome.effects).toEqual([{ do: 'show_cards' }])
  })

  test('a new stage starts its own ladder and is not unreachable because the one before it was', () => {
    const given = {
      ...opened({ stages: [finance(), platform()] }),
      escalation: { level: 2, next_at: minute(20), warned: 0, extended: false, thawed_ms: 0 },
      unreachable: 'nobody is in finance',
    }

    const { next } = decide(given, approve(bob), now)

    expect(next.escalation).toEqual({ level: 0, next_at: null, warned: 0, extended: false, thawed_ms: 0 })
    expect(next.unreachable).toBeNull()
  })

  test('members of a role that the stage was escalated to count together with its own', () => {
    const stages = opened({ stages: [finance(2)] }).stages.map((stage) => ({
      ...stage,
      escalated_to: ['platform'],
    }))
    const given = after({ ...opened({ stages: [finance(2)] }), stages }, approve(bob))

    const { next } = decide(given, approve(carol), now)

    expect(next.status).toBe('approved')
  })

  test('the agent is called back where it left an address', () => {
    const given = opened({}, { callback_url: 'https://agent.example/hooks' })

    const { next, effects } = decide(given, approve(bob), now)

    expect(effects).toEqual([{ do: 'show_cards' }, { do: 'call_back', type: 'approval.approved' }])
    expect(next.callback).toEqual({ status: 'pending', attempts: 0 })
  })
})

describe('separation of duties, relaxed by name', () => {
  const held = { asker: true, owner: true, repeat: true }

  test.each([
    ['the asker', asker, { ...held, asker: false }],
    ['the agent’s owner', owner, { ...held, owner: false }],
  ])('lets %s approve', (_, who, separation_of_duties) => {
    const given = opened({ separation_of_duties })

    const { next } = decide(given, approve(who), now)

    expect(next).toMatchObject({ status: 'approved', decision: { by: human(who) } })
  })

  test('lets one person approve two stages, each of them once', () => {
    const given = after(
      opened({ stages: [finance(), platform()], separation_of_duties: { ...held, repeat: false } }),
      approve(erin),
    )

    const { next } = decide(given, approve(erin, second), now)

    expect(next.status).toBe('approved')
  })
})
