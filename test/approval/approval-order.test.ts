import { describe, expect, test } from '@jest/globals'
import { array, assert, constantFrom, integer, property, record, shuffledSubarray, tuple } from 'fast-check'
import type { Approval } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import { approve, asker, bob, carol, dora, erin, finance, minute, opened, owner } from './given.ts'

const runs = { numRuns: 400 }

describe('the order of approvals within a stage', () => {
  const voters = [bob, dora, erin, carol, asker, owner]
  const eligible = [bob, dora, erin]

  test('decides nothing: enough of the right people approve, fewer leave it waiting', () => {
    const clicks = array(constantFrom(...voters), { maxLength: 10 })
    const inTwoOrders = clicks.chain((some) =>
      tuple(...[0, 1].map(() => shuffledSubarray(some, { minLength: some.length }))),
    )
    assert(
      property(integer({ min: 1, max: 4 }), inTwoOrders, (approvals, orders) => {
        for (const order of orders) {
          const right = new Set(order.filter((who) => eligible.includes(who))).size
          const { status } = after(opened({ stages: [finance(approvals)] }), order)
          expect(status).toBe(right >= approvals ? 'approved' : 'pending')
        }
      }),
      runs,
    )
  })

  test('leaves the same approval but for the order in which its votes stand', () => {
    const needed = record({ extra: integer({ min: 0, max: 2 }), order: shuffledSubarray(eligible) })
    assert(
      property(needed, ({ extra, order }) => {
        const given = opened({ stages: [finance(Math.max(1, order.length + extra))] })
        const straight = after(given, [...order].sort(byName))
        expect(withoutOrder(after(given, order))).toEqual(withoutOrder(straight))
      }),
    )
  })

  /** All in the same moment, so that nothing but the order differs. */
  function after(given: Approval, order: typeof voters): Approval {
    return order.reduce((before, who) => decide(before, approve(who), minute(1)).next, given)
  }

  function byName(one: { name: string }, other: { name: string }): number {
    return one.name < other.name ? -1 : 1
  }

  function withoutOrder(approval: Approval) {
    const decider = approval.decision === null ? null : { ...approval.decision, by: null }
    const stages = approval.stages.map((stage) => ({
      ...stage,
      votes: [...stage.votes].sort((one, other) => byName(one.by, other.by)),
    }))
    return { ...approval, decision: decider, stages }
  }
})
