import { describe, expect, test } from '@jest/globals'
import { assert, constantFrom, integer, property } from 'fast-check'
import { openStage, type Approval } from '../../src/approval/approval.ts'
import type { AssignInput } from '../../src/approval/assign.ts'
import type { Refusal } from '../../src/approval/click.ts'
import { decide } from '../../src/approval/decide.ts'
import type { OnItInput } from '../../src/approval/on-it.ts'
import {
  after,
  approve,
  asker,
  bob,
  cancel,
  carol,
  dora,
  erin,
  finance,
  human,
  mallory,
  minute,
  opened,
  owner,
  person,
  platform,
  reject,
  type Member,
} from './given.ts'
import { assign, onIt } from './answers-given.ts'
import { play, plans, stories } from './stories.ts'

// Who is asked in particular, and who is on it: signs for people, which bind nobody.

const letGo = (by: Member) => onIt(by, { type: 'let_go' })
const given = opened({ stages: [finance(2), platform()] })

describe('assigning', () => {
  test('says who is asked and by whom, for all to see', () => {
    const { next, facts, effects, reply } = decide(given, assign(bob, dora), minute(1))
    expect(reply).toEqual({ counted: true })
    const assigned = { to: person(dora), by: person(bob), roles: ['finance'], at: minute(1) }
    expect(next).toEqual({ ...given, assigned })
    expect(facts).toEqual([
      {
        type: 'approval.assigned',
        actor: human(bob),
        data: { stage: 0, to: person(dora), roles: ['finance'] },
      },
    ])
    expect(effects).toEqual([{ do: 'show_cards' }])
  })

  test('may be done again, by anybody in the role, to themselves too', () => {
    const again = after(given, assign(bob, dora), assign(owner, erin), assign(bob, bob))
    expect(again.assigned).toMatchObject({ to: person(bob), by: person(bob) })
  })

  test('is first asked for in a form', () => {
    const { to: _to, to_membership: _membership, ...click } = assign(bob, dora)
    const { next, facts } = decide(given, { ...click, type: 'begin_assign' }, minute(1))
    expect(next).toBe(given)
    expect(facts).toMatchObject([{ type: 'form.opened', data: { click: 'assign' } }])
  })

  const unreadable = { readable: false as const, detail: 'ratelimited' }
  test.each<[string, Refusal, Approval, AssignInput, string | undefined]>([
    ['by who is not in the role', 'not_in_role', given, assign(mallory, bob), undefined],
    ['on an older card', 'stale', given, assign(bob, dora, { revision: 0 }), undefined],
    ['when it is over', 'decided', after(given, cancel), assign(bob, dora), undefined],
    ['to who is not in the role', 'assignee_may_not', given, assign(bob, mallory), 'Mallory'],
    ['to who asked for it', 'assignee_may_not', given, assign(bob, asker), 'Ada'],
    ['to the agent’s owner', 'assignee_may_not', given, assign(bob, owner), 'Olaf'],
    ['to who approved it', 'assignee_may_not', after(given, approve(dora)), assign(bob, dora), 'Dora'],
    ['to whom it is', 'assigned_already', after(given, assign(bob, dora)), assign(erin, dora), 'Dora'],
    [
      'where Slack does not say who they are',
      'membership_unreadable',
      given,
      assign(bob, dora, { to_membership: unreadable }),
      'Dora',
    ],
  ])('%s is refused as %s', (_name, because, approval, input, detail) => {
    const { next, facts, reply } = decide(approval, input, minute(9))
    expect(next).toBe(approval)
    expect(reply).toEqual({ counted: false, because, ...(detail === undefined ? {} : { detail }) })
    expect(facts).toMatchObject([{ type: 'click.refused', data: { click: 'assign', because } }])
  })
})

describe('being on it', () => {
  test('is said on the card, taken over by somebody else, and let go', () => {
    const mine = after(given, onIt(bob))
    expect(mine).toEqual({ ...given, on_it: { by: person(bob), at: minute(1) } })
    const { next, facts } = decide(mine, onIt(dora), minute(2))
    expect(next.on_it).toEqual({ by: person(dora), at: minute(2) })
    expect(facts).toMatchObject([{ type: 'approval.taken_up', data: { stage: 0, from: person(bob) } }])
    const left = decide(next, letGo(dora), minute(3))
    expect(left.next).toEqual(given)
    expect(left.facts).toMatchObject([{ type: 'approval.let_go', data: { stage: 0 } }])
  })

  test.each<[string, Refusal, Approval, OnItInput]>([
    ['a click that comes twice', 'on_it_already', after(given, onIt(bob)), onIt(bob)],
    ['letting go of what another is on', 'not_on_it', after(given, onIt(bob)), letGo(dora)],
    ['letting go of what nobody is on', 'not_on_it', given, letGo(bob)],
    ['who is not in the role', 'not_in_role', given, onIt(mallory)],
    ['an older card', 'stale', given, onIt(bob, { revision: 0 })],
    ['what is over', 'decided', after(given, reject(bob, 'no')), onIt(bob)],
  ])('%s is refused as %s', (_name, because, approval, input) => {
    const { next, reply, facts } = decide(approval, input, minute(9))
    expect([next, reply]).toEqual([approval, { counted: false, because }])
    expect(facts).toMatchObject([{ type: 'click.refused', data: { click: input.type, because } }])
  })
})

describe('ends by itself', () => {
  const attended = after(given, assign(bob, dora), onIt(erin))
  test.each<[string, Approval, { assigned: boolean; on_it: boolean }]>([
    ['with the answer of who was asked', after(attended, approve(dora)), { assigned: false, on_it: true }],
    ['with the answer of who was on it', after(attended, approve(erin)), { assigned: true, on_it: false }],
    ['with the stage', after(attended, approve(bob), approve(dora)), { assigned: false, on_it: false }],
    ['with the decision', after(attended, reject(bob, 'no')), { assigned: false, on_it: false }],
    ['when the agent takes it back', after(attended, cancel), { assigned: false, on_it: false }],
    ['with the time', decide(attended, cancel, minute(30)).next, { assigned: false, on_it: false }],
  ])('%s', (_when, { assigned, on_it }, still) => {
    expect({ assigned: assigned !== null, on_it: on_it !== null }).toEqual(still)
  })
})

test('whatever happens, neither changes what is required, until when, nor whose vote counts', () => {
  let counted = 0
  assert(
    property(
      plans,
      stories,
      integer({ min: 0, max: 29 }),
      constantFrom(bob, carol, erin, owner),
      constantFrom(bob, dora, carol, asker),
      (plan, steps, at, by, other) => {
        const now = minute(at)
        const { next: before } = decide(play(plan, steps).last, { type: 'freeze_changed' }, now)
        const all = { readable: true as const, roles: ['finance', 'platform', 'sales'] }
        const card = { stage: openStage(before) ?? 0, revision: before.revision, membership: all }
        let signed = before
        for (const input of [
          assign(by, other, { ...card, to_membership: all }),
          onIt(by, card),
          onIt(other, card),
          onIt(other, { ...card, type: 'let_go' }),
          onIt(by, card),
        ]) {
          const { next, effects, reply } = decide(signed, input, now)
          if (reply.counted) counted++
          expect(effects.filter((effect) => effect.do !== 'show_cards')).toEqual([])
          signed = next
        }
        const { assigned, on_it } = before
        expect({ ...signed, assigned, on_it }).toEqual(before)
        // Each of them may answer as before, and to the same effect.
        for (const voter of [by, other])
          for (const vote of [approve(voter, card), reject(voter, 'no', card)]) {
            const [without, with_] = [decide(before, vote, now), decide(signed, vote, now)]
            expect(with_.reply).toEqual(without.reply)
            expect(with_.facts).toEqual(without.facts)
            expect({ ...with_.next, assigned, on_it }).toEqual({ ...without.next, assigned, on_it })
          }
      },
    ),
    { numRuns: 300 },
  )
  expect(counted).toBeGreaterThan(0)
})
