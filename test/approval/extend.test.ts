import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import type { Refusal } from '../../src/approval/click.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { ExtendInput } from '../../src/approval/extend.ts'
import { awaited } from '../../src/approval/ladder.ts'
import {
  after,
  approve,
  asker,
  bob,
  cancel,
  carol,
  deadline,
  dora,
  escalateAt,
  expiryTimer,
  extend,
  factTypes,
  finance,
  human,
  justAfter,
  justBefore,
  mallory,
  minute,
  opened,
  owner,
  platform,
  remindAt,
  rungTimer,
  second,
  seen,
  timerOf,
  warningTimer,
} from './given.ts'

const extendable = { extend_ms: 30 * 60_000 }
const unreadable = { readable: false, detail: 'ratelimited' } as const

function at(given: Approval, input: Input, minutes: number): Approval {
  const { next, reply } = decide(given, input, minute(minutes))
  if (!reply.counted) throw new Error(`${input.type} did not count: ${reply.because}`)
  return next
}

describe('an approver who asks for more time', () => {
  test('moves the end once, by what the rule gives', () => {
    const given = opened(extendable)

    const { next, facts, effects, reply } = decide(given, extend(bob), minute(7))

    expect(reply).toEqual({ counted: true })
    expect(next).toEqual({
      ...given,
      expires_at: minute(60),
      escalation: { level: 0, next_at: null, warned: 0, extended: true, thawed_ms: 0 },
    })
    expect(facts).toEqual([
      { type: 'approval.extended', actor: human(bob), data: { stage: 0, from: deadline, to: minute(60) } },
    ])
    expect(effects).toEqual([
      { do: 'show_cards' },
      { do: 'set_timer', step: { at: 'warning', percent: 50 }, at: minute(30) },
    ])
  })

  test('can do so in the last millisecond, and not after it', () => {
    expect(decide(opened(extendable), extend(bob), justBefore).next.expires_at).toEqual(minute(60))

    const late = decide(opened(extendable), extend(bob), deadline)

    expect(late.reply).toEqual({ counted: false, because: 'decided' })
    expect(late.next).toMatchObject({ status: 'expired', expires_at: deadline })
    expect(factTypes(late)).toEqual(['approval.expired', 'click.refused'])
  })

  test('makes the timer for the old end harmless, which is to come again at the new one', () => {
    const given = after(opened(extendable), extend(bob))

    const { next, facts } = decide(given, expiryTimer, justAfter)

    expect([next, facts]).toEqual([given, []])
    expect(awaited(next, { at: 'expiry' })).toEqual(minute(60))
    expect(decide(next, expiryTimer, minute(60)).next.status).toBe('expired')
  })

  test('lets votes count up to the new end', () => {
    const given = after(opened(extendable), extend(bob))

    expect(decide(given, approve(dora), minute(59)).next.status).toBe('approved')
  })

  test('leaves the card valid and may vote on it', () => {
    const given = after(opened(extendable), extend(bob))

    expect(decide(given, approve(bob), minute(8)).next.status).toBe('approved')
  })

  test('may have voted before', () => {
    const given = after(opened({ ...extendable, stages: [finance(2)] }), approve(bob))

    expect(decide(given, extend(bob), minute(8)).reply).toEqual({ counted: true })
  })

  test('has the rungs climbed that lay beyond the old end', () => {
    const given = opened({ ...extendable, escalation: [remindAt(10), escalateAt(40, 'platform')] })
    const reminded = at(given, rungTimer(0), 10)

    const { next } = decide(reminded, extend(bob), minute(12))

    expect(next.escalation).toMatchObject({ level: 1, next_at: minute(40) })
    expect(at(at(next, warningTimer(50), 30), rungTimer(1), 40).stages[0]?.escalated_to).toEqual(['platform'])
  })
})

describe('warnings that the time is running out', () => {
  test('come at half and at nine tenths of it', () => {
    const half = decide(opened(), warningTimer(50), minute(15))
    const nearly = decide(half.next, warningTimer(90), minute(28))

    expect([half.facts, nearly.facts]).toEqual([
      [
        {
          type: 'step.warned',
          actor: { type: 'timeout' },
          data: { stage: 0, percent: 50, expires_at: deadline, lateness_ms: 0 },
        },
      ],
      [
        {
          type: 'step.warned',
          actor: { type: 'timeout' },
          data: { stage: 0, percent: 90, expires_at: deadline, lateness_ms: 60_000 },
        },
      ],
    ])
    expect(half.effects).toEqual([{ do: 'set_timer', step: { at: 'warning', percent: 90 }, at: minute(27) }])
    expect(nearly.effects).toEqual([{ do: 'set_timer', step: { at: 'expiry' }, at: deadline }])
  })

  test('are of the approval, and go on where another stage opens', () => {
    const given = opened({ stages: [finance(), platform()] })

    const { next } = decide(at(given, warningTimer(50), 15), approve(bob), minute(16))

    expect(next.escalation.warned).toBe(50)
    expect(decide(next, warningTimer(90), minute(27)).facts[0]?.data).toMatchObject({ stage: 1, percent: 90 })
  })

  test('are of the time that the agent left', () => {
    const given = opened({}, { expires_in_ms: 10 * 60_000 })

    expect(awaited(given, { at: 'warning', percent: 50 })).toEqual(minute(5))
  })

  test('that come are of the time as it was extended', () => {
    const given = at(at(opened(extendable), warningTimer(50), 15), extend(bob), 16)

    expect(decide(given, warningTimer(90), minute(27)).reply.counted).toBe(false)
    expect(awaited(given, { at: 'warning', percent: 90 })).toEqual(minute(54))
  })

  test('of the end are given again where it was moved after the last', () => {
    const warned = at(at(opened(extendable), warningTimer(50), 15), warningTimer(90), 27)

    const outcome = decide(warned, extend(bob), minute(28))

    expect(outcome.next.escalation.warned).toBe(50)
    expect(timerOf(outcome)).toEqual({ step: { at: 'warning', percent: 90 }, at: minute(54) })
  })

  test('of the end are not given again where it was moved by next to nothing', () => {
    const warned = at(at(opened({ extend_ms: 60_000 }), warningTimer(50), 15), warningTimer(90), 27)

    const outcome = decide(warned, extend(bob), minute(29))

    expect(outcome.next.escalation.warned).toBe(90)
    expect(timerOf(outcome)).toEqual({ step: { at: 'expiry' }, at: minute(31) })
  })
})

describe('a click for more time that cannot count', () => {
  const twoStages = { ...extendable, stages: [finance(), platform()] }
  const cases: [string, Approval, ExtendInput, Refusal][] = [
    ['it is over', after(opened(extendable), cancel), extend(bob), 'decided'],
    ['the card is of another stage', opened(twoStages), extend(carol, second), 'stale'],
    ['the card is older', after(opened(twoStages), approve(bob)), extend(dora), 'stale'],
    [
      'membership cannot be read',
      opened(extendable),
      extend(bob, { membership: unreadable }),
      'membership_unreadable',
    ],
    ['they are in another role', opened(extendable), extend(mallory), 'not_in_role'],
    [
      'they are the asker and not in the role',
      opened(extendable),
      extend({ ...asker, roles: [] }),
      'not_in_role',
    ],
    [
      'they are the owner and not in the role',
      opened(extendable),
      extend({ ...owner, roles: [] }),
      'not_in_role',
    ],
    ['the rule gives no more time', opened(), extend(bob), 'not_allowed'],
    ['it was given before', after(opened(extendable), extend(bob)), extend(bob), 'extended_already'],
    ['somebody else was given it', after(opened(extendable), extend(bob)), extend(dora), 'extended_already'],
    [
      'it was given at the stage before',
      after(opened(twoStages), extend(bob), approve(bob)),
      extend(carol, second),
      'extended_already',
    ],
  ]

  test.each(cases)('because %s is refused and recorded', (_, given, input, because) => {
    const { next, facts, effects, reply } = decide(given, input, minute(7))

    const { stage, revision } = input
    const detail = because === 'membership_unreadable' ? { detail: 'ratelimited' } : {}
    expect(reply).toEqual({ counted: false, because })
    expect(next).toBe(given)
    expect(effects).toEqual([])
    expect(facts).toEqual([
      {
        type: 'click.refused',
        actor: human(input.by),
        data: { click: 'extend', stage, revision, because, comment: null, seen, ...detail },
      },
    ])
  })
})
