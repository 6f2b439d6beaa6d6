import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../../src/approval/approval.ts'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

// What is spared its evaluation must come to what evaluation would have said.

function outcome(when: string, args: JsonObject): boolean | 'failed' | undefined {
  const document = {
    admins: ['U_ALICE'],
    defaults: { effect: 'deny' },
    rules: [{ name: 'r', when, effect: 'allow' }],
  }
  const parsed = parsePolicy(JSON.stringify(document))
  if (!parsed.ok) throw new Error(parsed.faults[0]?.detail)
  return evaluate(parsed.compiled, requestOf({ arguments: args }), new Date(0)).tried[0]?.matched
}

test('a comparison of an argument with a literal is asked first, and changes nothing', () => {
  const part = fc.constantFrom('action.arguments.a', 'action.arguments.b.c', 'action.arguments["a"]')
  const literal = fc.constantFrom('10', '10.0', '9007199254740993', '-3', '"x"', '"xy"', '""')
  const comparison = fc
    .tuple(part, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), literal, fc.boolean())
    .map(([a, op, b, turned]) => (turned ? `${b} ${op} ${a}` : `${a} ${op} ${b}`))
  const other = fc.constantFrom(
    'action.arguments.a in [10, 11]',
    'action.arguments.a in ["x"]',
    'action.arguments.a.startsWith("x")',
    'action.arguments.missing > 1',
    'risk == "medium"',
  )
  const value = fc.constantFrom(10, 9, 10.5, 9_007_199_254_740_992, -3, -0, 'x', 'xy', '', null, true, [10], {
    c: 10,
  })
  const args = fc.oneof(
    fc.record({ a: value, b: fc.oneof(value, fc.record({ c: value })) }, { requiredKeys: [] }),
    fc.constant({ a: 10, b: { c: 'x' } }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(comparison, other), { minLength: 1, maxLength: 3 }),
      args,
      (parts, given) => {
        const when = parts.join(' && ')
        // Where it is one of two choices there is nothing to ask first.
        expect(outcome(when, given as JsonObject)).toBe(outcome(`(${when}) || run_id != null`, given))
      },
    ),
    { numRuns: 1_500 },
  )
})
