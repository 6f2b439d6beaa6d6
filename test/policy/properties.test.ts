import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../../src/approval/approval.ts'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const shipped = readFileSync(new URL('../../policy.yaml', import.meta.url), 'utf8')

/** What a condition comes to on the request of these tests. */
const conditions = {
  'risk == "medium"': true,
  'action.arguments.amount <= 24': true,
  'risk == "low"': false,
  'action.arguments.amount > 24 && action.arguments.missing > 1': false,
  'action.arguments.missing > 1': 'failed',
  'action.arguments.amount > 1 && action.arguments.missing == "x"': 'failed',
} as const

const anyRule = fc.record({
  when: fc.constantFrom(...(Object.keys(conditions) as (keyof typeof conditions)[])),
  effect: fc.constantFrom('allow', 'deny', 'require_approval'),
})
const anyDefault = fc.constantFrom('allow', 'deny', 'require_approval')

function policyOf(rules: { when: string; effect: string }[], effect: string) {
  const parsed = parsePolicy(
    JSON.stringify({
      admins: ['U_ALICE'],
      roles: { ops: { channel: 'C_OPS', members: ['U_BOB'] } },
      defaults: { effect, stages: [{ role: 'ops', approvals: 1 }] },
      rules: rules.map((rule, i) => ({ name: `r${i}`, ...rule })),
    }),
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.compiled
}

const jsonObject = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom('amount', 'query', '__proto__', 'constructor', 'toString', 'missing'),
  ),
  fc.jsonValue({ maxDepth: 5 }),
)

describe('whatever is asked', () => {
  test('a ruling is given, and nothing is thrown', () => {
    const parsed = parsePolicy(shipped)
    if (!parsed.ok) throw new Error('the policy is faulty')
    const tools = fc.oneof(
      fc.string(),
      fc.constantFrom('stripe.refund', 'sql.execute', 'deploy.x', 'x.export'),
    )
    fc.assert(
      fc.property(tools, jsonObject, fc.dictionary(fc.string(), fc.string()), (tool, args, metadata) => {
        const request = requestOf({ tool, arguments: args as JsonObject }, { metadata })
        const { plan } = evaluate(parsed.compiled, request, now)
        expect(plan.effect === 'require_approval').toBe(plan.stages.length > 0)
      }),
      { numRuns: 500 },
    )
  })

  test('depth beyond all limits fails closed', () => {
    let nested: JsonObject = {}
    for (let i = 0; i < 20_000; i++) nested = { nested }
    const policy = policyOf([{ when: 'has(action.arguments.nested)', effect: 'allow' }], 'allow')
    expect(evaluate(policy, requestOf({ arguments: nested }), now).plan.effect).toBe('require_approval')
  })

  test('the same is answered every time', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), anyDefault, (rules, effect) => {
        const policy = policyOf(rules, effect)
        expect(evaluate(policy, requestOf(), now)).toEqual(evaluate(policy, requestOf(), now))
      }),
    )
  })
})

describe('whatever the rules', () => {
  test('after a failed condition nothing is allowed', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyDefault, (rules, effect) => {
        const { plan, tried } = evaluate(policyOf(rules, effect), requestOf(), now)
        expect(plan.effect === 'allow' && tried.some(({ matched }) => matched === 'failed')).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('the first rule decides that matches, or fails and does not allow', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 8 }), anyDefault, (rules, effect) => {
        const decides = rules.findIndex((rule, i) => {
          const outcome = conditions[rule.when]
          const failedBefore = rules.slice(0, i).some((earlier) => conditions[earlier.when] === 'failed')
          return rule.effect === 'allow' ? outcome === true && !failedBefore : outcome !== false
        })
        const { plan, tried } = evaluate(policyOf(rules, effect), requestOf(), now)
        expect(plan.rule).toBe(decides < 0 ? null : `r${decides}`)
        expect(tried).toHaveLength(decides < 0 ? rules.length : decides + 1)
      }),
      { numRuns: 150 },
    )
  })

  test('what spares a condition its evaluation does not change its outcome', () => {
    const part = fc.constantFrom(
      'action.tool == "stripe.refund"',
      '"sql.execute" == action.tool',
      'action.tool.startsWith("stripe.")',
      'risk in ["high", "medium"]',
      'environment == "staging"',
      'agent.owner == "U_DAVE"',
      'action.arguments.missing > 1',
      'action.arguments.amount > 10',
    )
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const when = parts.join(' && ')
        const outcomes = [when, `(${when}) || (${when})`].map(
          (text) => evaluate(policyOf([{ when: text, effect: 'allow' }], 'deny'), requestOf(), now).tried,
        )
        expect(outcomes[0]).toEqual(outcomes[1])
      }),
    )
  })
})

describe('whatever the text', () => {
  test('it is a policy or its faults are named, each with its place', () => {
    const lines = shipped.split('\n')
    const damaged = fc
      .tuple(fc.nat(shipped.length), fc.nat(20), fc.oneof(fc.string(), fc.constantFrom(...lines)))
      .map(([at, removed, added]) => shipped.slice(0, at) + added + shipped.slice(at + removed))
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged), (text) => {
        const parsed = parsePolicy(text)
        const places = parsed.ok ? parsed.warnings : parsed.faults
        expect(parsed.ok || places.length > 0).toBe(true)
        for (const { line, column, detail } of places)
          expect(line > 0 && column > 0 && detail !== '').toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})
