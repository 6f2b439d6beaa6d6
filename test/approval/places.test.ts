import { describe, expect, test } from '@jest/globals'
import { array, assert, integer, property, shuffledSubarray, subarray, tuple } from 'fast-check'
import { fill, placesOf, type Approver, type Place } from '../../src/approval/places.ts'
import type { StageRoles } from '../../src/approval/plan.ts'

const both: StageRoles = { all: ['finance', 'legal'] }
const either: StageRoles = { any: ['finance', 'legal'] }

describe('the places of a stage', () => {
  test.each<[string, StageRoles, number, string[], string[]]>([
    ['one role', { any: ['finance'] }, 2, [], ['finance', 'finance']],
    ['any of two', either, 2, [], ['finance|legal', 'finance|legal']],
    ['all of two', both, 2, [], ['finance', 'legal']],
    ['all of two and one more', both, 3, [], ['finance', 'legal', 'finance|legal']],
    ['any of two, escalated', either, 1, ['ops'], ['finance|legal|ops']],
    ['all of two, escalated: it may stand in for each', both, 2, ['ops'], ['finance|ops', 'legal|ops']],
    ['all of two that ask for fewer people than roles', both, 1, [], ['finance', 'legal']],
  ])('%s', (_, roles, approvals, escalated_to, wanted) => {
    const places = placesOf({ roles, approvals, escalated_to })
    expect(places.map((place) => place.join('|'))).toEqual(wanted)
  })
})

describe('people who take places', () => {
  test.each<[string, string[], string[], number]>([
    ['one of each role', ['finance', 'legal'], ['finance', 'legal'], 2],
    ['two of the same role', ['finance', 'finance'], ['finance', 'legal'], 1],
    ['one who is of both roles counts for one', ['finance|legal'], ['finance', 'legal'], 1],
    ['who is of both moves on for who is of one', ['finance|legal', 'finance'], ['finance', 'legal'], 2],
    ['a chain of moves', ['a|b', 'b|c', 'c|d', 'a'], ['a', 'b', 'c', 'd'], 4],
    ['nobody', [], ['finance'], 0],
    ['people of other roles', ['sales', ''], ['finance'], 0],
    ['more people than places', ['finance', 'finance', 'finance'], ['finance'], 1],
  ])('%s', (_, people, places, wanted) => {
    expect(fill(places.map(split), people.map(who))).toBe(wanted)
  })

  const roles = ['a', 'b', 'c', 'd']
  const somePlaces = array(subarray(roles, { minLength: 1 }), { maxLength: 5 })
  const somePeople = array(subarray(roles), { maxLength: 6 })

  test('are as many as the best of all ways to seat them', () => {
    assert(
      property(somePlaces, somePeople, (places, people) => {
        const approvers = people.map((held, i) => ({ slack_user_id: `U_${i}`, roles: held }))
        expect(fill(places, approvers)).toBe(best(places, approvers))
      }),
      { numRuns: 2_000 },
    )
  })

  test('are as many in any order', () => {
    const inTwoOrders = somePeople.chain((people) =>
      tuple(...[0, 1].map(() => shuffledSubarray(people, { minLength: people.length }))),
    )
    assert(
      property(somePlaces, inTwoOrders, (places, orders) => {
        const [one, other] = orders.map((order) =>
          fill(
            places,
            order.map((held) => who(held.join('|'))),
          ),
        )
        expect(one).toBe(other)
      }),
    )
  })

  test('are found also where there are many of both', () => {
    const places = Array.from({ length: 200 }, () => ['a', 'b'])
    const people = Array.from({ length: 3_000 }, () => who('a'))
    expect(fill(places, people)).toBe(200)
  })

  test('one more person fills at most one more place', () => {
    assert(
      property(somePlaces, somePeople, integer({ min: 0, max: 5 }), (places, people, which) => {
        const all = people.map((held) => who(held.join('|')))
        const without = all.filter((_, i) => i !== which)
        const more = fill(places, all) - fill(places, without)
        expect([0, 1]).toContain(more)
      }),
    )
  })
})

/** By trying everything. */
function best([place, ...rest]: Place[], people: Approver[]): number {
  if (place === undefined) return 0
  const seated = people
    .filter(({ roles }) => roles.some((role) => place.includes(role)))
    .map(
      (sitter) =>
        1 +
        best(
          rest,
          people.filter((one) => one !== sitter),
        ),
    )
  return Math.max(best(rest, people), ...seated)
}

function split(names: string): string[] {
  return names.split('|')
}

function who(roles: string): Approver {
  return { slack_user_id: `U_${roles}`, roles: split(roles) }
}
