import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/approval/approval.ts'
import { decide, type Input } from '../../src/approval/decide.ts'
import type { Freeze } from '../../src/approval/freeze.ts'
import { nextRung } from '../../src/approval/ladder.ts'
import { shape } from '../../src/approval/shape.ts'
import {
  after,
  agent,
  approve,
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
  mallory,
  minute,
  opened,
  opening,
  platform,
  reject,
  remindAt,
  rungTimer,
  second,
  timerOf,
  warningTimer,
} from './given.ts'

/** A freeze from one minute to another; without an end it is in force. */
function frozen(from: number, to: number | null = null, agent_id: string | null = null): Freeze {
  const id = `frz_${from}_${agent_id ?? 'all'}`
  return { id, agent_id, reason: 'a leak', at: minute(from), lifted_at: to === null ? null : minute(to) }
}

const look: Input = { type: 'freeze_changed' }

/** The approval once somebody has come by at that minute. */
const seenAt = (approval: Approval, at: number, ...freezes: Freeze[]) =>
  decide(approval, look, minute(at), freezes).next

describe('while it is frozen', () => {
  const given = opened({ extend_ms: 600_000, escalation: [remindAt(10)] })
  const freezes = [frozen(5)]

  test.each<[string, Input]>([
    ['an approval', approve(bob)],
    ['the click that would begin one', { ...approve(bob), type: 'begin_vote' }],
    ['an extension', extend(bob)],
  ])('%s is refused, and kept in the audit', (_name, input) => {
    const outcome = decide(given, input, minute(6), freezes)
    expect(outcome.reply).toEqual({ counted: false, because: 'frozen' })
    expect(factTypes(outcome)).toContain('click.refused')
    expect(outcome.next.status).toBe('pending')
  })

  test('who could not vote anyway is told that', () => {
    expect(decide(given, approve(mallory), minute(6), freezes).reply).toMatchObject({
      because: 'not_in_role',
    })
  })

  test('it can be rejected and taken back, also after the time at which it would have ended', () => {
    expect(decide(given, reject(bob, 'no'), minute(200), freezes).next.status).toBe('rejected')
    expect(decide(given, cancel, minute(200), freezes).next.status).toBe('cancelled')
  })

  test('time stands still: nothing is due, no rung, no warning, no end', () => {
    for (const timer of [rungTimer(0), warningTimer(50), expiryTimer])
      expect(decide(given, timer, minute(200), freezes).next.status).toBe('pending')
    expect(decide(given, rungTimer(0), minute(200), freezes).next.escalation.level).toBe(0)
  })

  test('it learns of it once, with cards that say so', () => {
    const first = decide(given, look, minute(6), freezes)
    expect(factTypes(first)).toEqual(['approval.frozen'])
    expect(first.next.freeze).toEqual({ id: 'frz_5_all', reason: 'a leak', at: minute(5) })
    expect(first.effects).toEqual([{ do: 'show_cards' }])
    expect(decide(first.next, look, minute(7), freezes).next).toBe(first.next)
  })

  test('what was over before it began stays over, however late its timer is', () => {
    const outcome = decide(given, look, minute(50), [frozen(40)])
    expect(outcome.next.status).toBe('expired')
  })
})

describe('once it is lifted', () => {
  test('the end, the rungs and the warnings come later by exactly the frozen time', () => {
    const given = opened({ escalation: [escalateAt(10, 'platform')] })
    const outcome = decide(given, look, minute(25), [frozen(5, 25)])
    expect(outcome.next.expires_at).toEqual(minute(50))
    expect(nextRung(outcome.next)?.at).toEqual(minute(30))
    expect(timerOf(outcome)).toMatchObject({ at: minute(30) })
    // Half of the thirty minutes that were its own.
    expect(decide(outcome.next, warningTimer(50), minute(34.9), [frozen(5, 25)]).facts).toEqual([])
    expect(factTypes(decide(outcome.next, warningTimer(50), minute(35), [frozen(5, 25)]))).toContain(
      'step.warned',
    )
  })

  test('it does not matter who comes by first: a vote in time is in time', () => {
    const voted = decide(opened(), approve(bob), minute(49), [frozen(5, 25)])
    expect(voted.next.status).toBe('approved')
    expect(factTypes(voted)).toEqual(['approval.thawed', 'vote.cast', 'stage.met', 'approval.approved'])
    expect(decide(opened(), approve(bob), minute(50), [frozen(5, 25)]).next.status).toBe('expired')
  })

  test('the time is given back once, whoever comes by how often', () => {
    const freezes = [frozen(5, 25)]
    const once = seenAt(opened(), 26, ...freezes)
    expect(seenAt(once, 27, ...freezes)).toBe(once)
  })

  test.each<[string, Freeze[], number]>([
    ['of everything and of the agent, one inside the other', [frozen(5, 25), frozen(10, 15, agent.id)], 50],
    ['that overlap', [frozen(5, 15), frozen(10, 25, agent.id)], 50],
    ['one after the other', [frozen(5, 10), frozen(12, 17, agent.id)], 40],
    ['of which one began before it was asked for', [frozen(-10, 10)], 40],
  ])('freezes %s give back what was frozen, and nothing twice', (_name, freezes, ends) => {
    expect(seenAt(opened(), 28, ...freezes).expires_at).toEqual(minute(ends))
    // Also where somebody came by in between.
    const between = [8, 13, 20].reduce((before, at) => {
      const then = freezes.flatMap((one) =>
        one.at > minute(at)
          ? []
          : [{ ...one, lifted_at: one.lifted_at && one.lifted_at <= minute(at) ? one.lifted_at : null }],
      )
      return seenAt(before, at, ...then)
    }, opened())
    expect(seenAt(between, 28, ...freezes).expires_at).toEqual(minute(ends))
  })

  test('while another is still in force, it stays frozen', () => {
    const marked = seenAt(opened(), 6, frozen(5))
    const still = decide(marked, look, minute(20), [frozen(5, 18), frozen(10, null, agent.id)])
    expect(still.next.freeze?.id).toBe(`frz_10_${agent.id}`)
    expect(still.next.expires_at).toEqual(deadline)
    const over = decide(still.next, look, minute(30), [frozen(5, 18), frozen(10, 30, agent.id)])
    expect(over.next.freeze).toBeNull()
    expect(over.next.expires_at).toEqual(minute(55))
  })

  test('a stage that opens later has a ladder of its own, which no earlier freeze moves', () => {
    const given = opened({ stages: [finance(), platform()], escalation: [remindAt(10)] })
    const { next } = decide(given, approve(bob), minute(26), [frozen(5, 25)])
    expect(nextRung(next)?.at).toEqual(minute(36))
    expect(decide(next, approve(carol, second), minute(27), [frozen(5, 25)]).next.status).toBe('approved')
  })

  test('a level goes on naming the same rung', () => {
    const given = opened({ escalation: [remindAt(10), escalateAt(20, 'platform')] })
    const { next } = decide(given, rungTimer(0), minute(10), [])
    const thawed = seenAt(next, 25, frozen(12, 25))
    expect(nextRung(thawed)).toEqual({
      rung: { do: 'escalate', to: 'platform', after_ms: 1_200_000 },
      at: minute(33),
    })
  })
})

describe('what was approved', () => {
  const approved = after(opened({}, { callback_url: 'https://agent.example/hook' }), approve(dora))

  test('and could still run is withdrawn, and the agent is told; its status stays', () => {
    const { next, facts, effects } = decide(approved, look, minute(10), [frozen(5)])
    expect(next).toMatchObject({
      status: 'approved',
      withdrawn: { by: { type: 'freeze' }, reason: 'a leak', at: minute(10) },
    })
    expect(facts.map(({ type }) => type)).toEqual(['approval.withdrawn'])
    expect(effects).toEqual([{ do: 'show_cards' }, { do: 'call_back', type: 'approval.withdrawn' }])
    expect(shape(next)).toMatchObject({ effective_action: null, withdrawn: { reason: 'a leak' } })
    expect(decide(next, look, minute(11), [frozen(5)]).facts).toEqual([])
  })

  test('and could no longer run is left alone', () => {
    expect(decide(approved, look, minute(61), [frozen(5)]).next).toBe(approved)
  })

  test('is left alone where the freeze is over', () => {
    expect(decide(approved, look, minute(10), [frozen(5, 8)]).next).toBe(approved)
  })
})

test('what is asked for under a freeze is rejected at once, whatever the policy says', () => {
  for (const effect of ['allow', 'require_approval'] as const) {
    const stages = effect === 'allow' ? [] : [finance()]
    const { next, effects } = opening({ effect, stages }, {}, frozen(-5))
    expect(next).toMatchObject({
      status: 'rejected',
      decision: { by: { type: 'freeze' }, reason: 'a leak' },
    })
    expect(effects).toEqual([])
  }
})
