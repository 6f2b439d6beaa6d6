import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Approval, ReportedOutcome } from '../../src/approval/approval.ts'
import { decide } from '../../src/approval/decide.ts'
import type { Freeze } from '../../src/approval/freeze.ts'
import { permitClaims, type ConsumeInput, type PermitRefusal } from '../../src/approval/permit.ts'
import { shape } from '../../src/approval/shape.ts'
import { after, agent, approve, bob, cancel, factTypes, minute, opened, reject } from './given.ts'

const digest = `sha256:${'5e'.repeat(32)}`

/** An execution that asks to run what was approved. */
function consume(execution_id = 'exec_1', action_digest = digest): ConsumeInput {
  return { type: 'consume', by: { name: agent.name }, execution_id, action_digest }
}

const frozen: Freeze = { id: 'frz_1', agent_id: null, reason: 'a leak', at: minute(2), lifted_at: null }
const skipped: ReportedOutcome = {
  status: 'skipped',
  error: null,
  attempts: null,
  duration_ms: null,
  cost: null,
  tokens: null,
}

/** Approved after a minute, good for an hour, with its permit as the flow gives it. */
const approved: Approval = { ...after(opened(), approve(bob)), permit: 'eyJ…' }
const goodUntil = minute(61)
const withdrawn = decide(approved, { type: 'freeze_changed' }, minute(3), [frozen]).next
const used = decide(approved, consume(), minute(3)).next
const reported = decide(approved, { type: 'report_outcome', by: agent, outcome: skipped }, minute(3)).next

describe('a permit', () => {
  test('says for what it is, of whom, and until when, in whole seconds', () => {
    expect(permitClaims(approved)).toEqual({
      jti: 'apr_1',
      sub: 'refund-bot',
      tool: 'stripe.refund',
      action_digest: digest,
      policy_version: 3,
      iat: minute(1).getTime() / 1_000,
      exp: goodUntil.getTime() / 1_000,
    })
    const odd = new Date(minute(1).getTime() + 999)
    expect(permitClaims({ ...approved, decided_at: odd })).toMatchObject({
      iat: minute(1).getTime() / 1_000,
      exp: goodUntil.getTime() / 1_000,
    })
  })

  test.each([
    ['waits', opened()],
    ['was rejected', after(opened(), reject(bob, 'no'))],
    ['was cancelled', after(opened(), cancel)],
  ])('there is none of what %s', (_name, approval) => {
    expect(permitClaims(approval)).toBeNull()
    expect(shape(approval).permit).toBeNull()
  })

  test('is shown while the action may run, and after it was used, but not once it was withdrawn', () => {
    expect(shape(approved).permit).toBe('eyJ…')
    expect(shape(used).permit).toBe('eyJ…')
    expect(shape(withdrawn)).toMatchObject({ permit: null, effective_action: null })
  })

  test('is used once, with an event of the agent', () => {
    const outcome = decide(approved, consume(), minute(3))
    expect(outcome.reply).toEqual({ counted: true })
    expect(outcome.next.consumed).toEqual({ execution_id: 'exec_1', at: minute(3) })
    expect(outcome.facts).toEqual([
      {
        type: 'permit.consumed',
        actor: { type: 'agent', name: 'refund-bot' },
        data: { execution_id: 'exec_1', action_digest: digest },
      },
    ])
    expect(outcome.effects).toEqual([{ do: 'show_cards' }])
  })

  test.each<[string, number, Freeze[]]>([
    ['at once', 3, []],
    ['when its time is over', 500, []],
    ['under a freeze', 10, [frozen]],
  ])(
    'asked again for the same execution %s, the answer is the same, and nothing is written',
    (_name, at, freezes) => {
      const again = decide(used, consume(), minute(at), freezes)
      expect(again).toEqual({ next: used, facts: [], effects: [], reply: { counted: true } })
      expect(again.next).toBe(used)
    },
  )
})

const other = `sha256:${'00'.repeat(32)}`
const refusals: [string, Approval, ConsumeInput, number, Freeze[], PermitRefusal][] = [
  ['another execution', used, consume('exec_2'), 4, [], 'consumed_by_another'],
  ['another action', approved, consume('exec_1', other), 3, [], 'action_differs'],
  ['another action of the execution that has it', used, consume('exec_1', other), 4, [], 'action_differs'],
  ['what was withdrawn', withdrawn, consume(), 4, [], 'withdrawn'],
  ['what was withdrawn, after its time', withdrawn, consume(), 90, [], 'withdrawn'],
  ['what its agent has reported of', reported, consume(), 4, [], 'outcome_reported'],
  ['the very moment at which its time is over', approved, consume(), 61, [], 'past_its_time'],
  ['what is past its time, under a freeze', approved, consume(), 90, [frozen], 'past_its_time'],
  ['a freeze that has not come by yet', approved, consume(), 3, [frozen], 'frozen'],
  ['what waits', opened(), consume(), 3, [], 'not_approved'],
  ['what was rejected', after(opened(), reject(bob, 'no')), consume(), 3, [], 'not_approved'],
  ['what has expired unseen', opened(), consume(), 500, [], 'not_approved'],
]

describe('a permit is refused, with an event that says why,', () => {
  test.each(refusals)('for %s', (_name, approval, input, at, freezes, because) => {
    const outcome = decide(approval, input, minute(at), freezes)
    expect(outcome.reply).toEqual({ counted: false, because })
    expect(outcome.facts.at(-1)).toMatchObject({
      type: 'permit.refused',
      data: { execution_id: input.execution_id, action_digest: input.action_digest, because },
    })
    expect(outcome.next.consumed).toEqual(approval.consumed)
    expect(factTypes(outcome)).not.toContain('permit.consumed')
  })

  test('a millisecond before its time is over it is good', () => {
    expect(decide(approved, consume(), new Date(goodUntil.getTime() - 1)).reply.counted).toBe(true)
  })

  test('also after a freeze that has not withdrawn it was lifted', () => {
    const lifted = { ...frozen, lifted_at: minute(5) }
    expect(decide(approved, consume(), minute(6), [lifted]).reply.counted).toBe(true)
  })
})

test('what began to run, or was reported of, is not withdrawn by a freeze', () => {
  for (const approval of [used, reported])
    expect(decide(approval, { type: 'freeze_changed' }, minute(10), [frozen]).next).toBe(approval)
})

test('whoever asks in whatever order, one execution at most has it, and nothing else that is granted is taken back', () => {
  const act = fc.oneof(
    fc.record({
      type: fc.constant('consume' as const),
      by: fc.constant(agent),
      execution_id: fc.constantFrom('exec_1', 'exec_2', 'exec_3'),
      action_digest: fc.constantFrom(digest, digest, digest, other),
    }),
    fc.constant({ type: 'freeze_changed' as const }),
    fc.constant({ type: 'report_outcome' as const, by: agent, outcome: skipped }),
  )
  const step = fc.record({ input: act, at: fc.integer({ min: 2, max: 70 }), freeze: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let last = approved
      const granted: string[] = []
      let recorded = 0
      for (const { input, at, freeze } of steps) {
        const freezes = freeze ? [{ ...frozen, at: minute(1) }] : []
        const { next, facts, reply } = decide(last, input, minute(at), freezes)
        if (input.type === 'consume' && reply.counted) granted.push(input.execution_id)
        recorded += facts.filter(({ type }) => type === 'permit.consumed').length
        expect(next.consumed === null || next.withdrawn === null).toBe(true)
        if (last.consumed !== null) expect(next.consumed).toEqual(last.consumed)
        last = next
      }
      expect(new Set(granted).size).toBe(recorded)
      expect(recorded).toBe(last.consumed === null ? 0 : 1)
    }),
    { numRuns: 300 },
  )
})
