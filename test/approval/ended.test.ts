import { describe, expect, test } from '@jest/globals'
import { decide } from '../../src/approval/decide.ts'
import { end } from '../../src/approval/end.ts'
import {
  after,
  approve,
  bob,
  cancel,
  carol,
  deadline,
  extend,
  expiryTimer,
  factTypes,
  finance,
  found,
  justAfter,
  minute,
  opened,
  platform,
  reject,
  rungTimer,
  second,
  warningTimer,
} from './given.ts'

describe('an approval that has ended', () => {
  const ended = [
    ['approved', after(opened({ stages: [finance(), platform()] }), approve(bob), approve(carol, second))],
    ['rejected', after(opened(), reject(bob, 'no'))],
    ['cancelled', after(opened(), cancel)],
    ['expired', decide(opened(), expiryTimer, deadline).next],
    ['rejected', decide(opened({ on_timeout: 'reject' }), expiryTimer, deadline).next],
    ['approved', opened({ effect: 'allow', stages: [] })],
    ['rejected', opened({ effect: 'deny', stages: [] })],
  ] as const
  const inputs = [
    ['an approval', approve(carol, second), ['click.refused'], 'decided'],
    ['a rejection', reject(carol, 'no', second), ['click.refused'], 'decided'],
    ['a form being opened', approve(carol, { ...second, type: 'begin_vote' }), ['click.refused'], 'decided'],
    ['a cancellation', cancel, [], 'decided'],
    ['a click for more time', extend(carol, second), ['click.refused'], 'decided'],
    ['the timer', expiryTimer, [], 'not_due'],
    ['a rung’s timer', rungTimer(0), [], 'not_due'],
    ['a warning’s timer', warningTimer(50), [], 'not_due'],
    ['a role that has nobody', found('finance', 'nobody'), [], 'not_due'],
  ] as const
  const moments = [
    ['in its time', minute(10)],
    ['after its time', justAfter],
  ] as const

  describe.each(moments)('%s', (_, now) => {
    test.each(
      ended.flatMap(([status, given]) =>
        inputs.map(([what, input, facts, because]) => ({ status, given, what, input, facts, because })),
      ),
    )(
      '$status by $given.decision.by.type stays as it is for $what',
      ({ status, given, input, facts, because }) => {
        expect(given.status).toBe(status)

        const outcome = decide(given, input, now)

        expect(outcome.next).toBe(given)
        expect(outcome.reply).toEqual({ counted: false, because })
        expect(factTypes(outcome)).toEqual(facts)
        expect(outcome.effects).toEqual([])
      },
    )
  })

  test.each(ended)('%s cannot be ended once more by mistake', (_, given) => {
    expect(() => end(given, 'cancelled', { type: 'timeout' }, minute(11))).toThrow(
      `apr_1 is ${given.status} and cannot become cancelled`,
    )
  })
})
