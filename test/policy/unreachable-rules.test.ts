import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

type Rule = { when?: string; effect?: 'allow' | 'deny' | 'require_approval' }

function parsed(rules: Rule[], conditions: Record<string, string> = {}) {
  const found = parsePolicy(
    JSON.stringify({
      admins: ['U_ALICE'],
      roles: { ops: { channel: 'C_OPS', members: ['U_BOB'] } },
      defaults: { effect: 'deny', stages: [{ role: 'ops' }] },
      conditions,
      rules: rules.map((rule, i) => ({ name: `r${i}`, ...rule })),
    }),
  )
  if (!found.ok) throw new Error(found.faults[0]?.detail)
  return found
}

const warnings = (rules: Rule[], conditions = {}) =>
  parsed(rules, conditions).warnings.map(({ path, detail }) => `${path}: ${detail}`)

describe('a condition that comes to the same whatever is asked', () => {
  test.each<[string, boolean | null]>([
    ['true', true],
    ['false', false],
    ['1 == 2', false],
    ['"a" + "b" == "ab"', true],
    ['action.tool == "x" && false', false],
    ['risk == "high" || 1 < 2', true],
    ['!(action.arguments.a > 1 && 1 == 2)', true],
    ['true ? risk == "low" : false', null],
    ['action.tool == "x" ? false : 2 < 1', false],
    ['action.tool == "a" && action.tool == "b"', false],
    ['action.tool == "a" && risk == "low" && "b" == action.tool', false],
    ['action.tool in ["a", "b"] && action.tool == "c"', false],
    ['action.tool in ["a", "b"] && action.tool == "b"', null],
    ['action.tool == "a" && action.tool != "a"', false],
    ['action.tool in ["a", "b"] && action.tool != "a"', null],
    ['action.tool.startsWith("a.") && action.tool == "b.x"', false],
    ['action.tool.startsWith("a.") && action.tool.startsWith("b.")', false],
    ['action.tool.startsWith("a.") && action.tool.startsWith("a.b")', null],
    ['action.arguments.n > 100 && action.arguments.n < 50', false],
    ['action.arguments.n > 100 && action.arguments.n <= 100', false],
    ['action.arguments.n >= 100 && 100.0 >= action.arguments.n', null],
    ['action.arguments.n == 3 && action.arguments.n > 5', false],
    ['action.arguments.n > 100 && action.arguments.m < 50', null],
    ['action.arguments.n == "3" && action.arguments.n == 3', false],
    ['metadata["a"] == "1" && metadata["a"] == "2"', false],
    ['metadata["a"] == "1" && metadata["b"] == "2"', null],
    ['action.tool == "a" || action.tool == "b"', null],
    ['"a" in action.arguments && "b" in action.arguments', null],
  ])('%s: %s', (when, always) => {
    const said = { true: 'rules[0].when: is always true', false: 'rules[0].when: is never true' }
    expect(warnings([{ when }])).toEqual(always === null ? [] : [said[`${always}`]])
  })

  test('is seen through names', () => {
    const conditions = { a: 'action.tool == "a"', b: 'action.tool == "b" && a', yes: '1 < 2' }
    expect(warnings([{ when: 'b' }, { when: 'yes || a' }], conditions)).toEqual([
      'conditions.b: is never true',
      'conditions.yes: is always true',
      'rules[0].when: is never true',
      'rules[1].when: is always true',
    ])
  })

  test('and is what evaluation says of it', () => {
    const part = fc.constantFrom(
      'action.tool == "stripe.refund"',
      'action.tool == "x"',
      'action.tool != "x"',
      'action.tool in ["stripe.refund", "x"]',
      'action.tool.startsWith("stripe.")',
      'action.tool.startsWith("s3.")',
      'action.arguments.amount > 20',
      'action.arguments.amount < 30.0',
      'action.arguments.amount > 30',
      'action.arguments.amount == 24',
      'true',
      '1 > 2',
    )
    const whole = fc.array(part, { minLength: 1, maxLength: 4 })
    const asked = fc.constantFrom(
      requestOf(),
      requestOf({ tool: 'x', arguments: {} }),
      requestOf({ tool: 's3.put', arguments: { amount: 'many' } }),
      requestOf({ arguments: { amount: 31 } }),
    )
    fc.assert(
      fc.property(whole, asked, (parts, request) => {
        const { compiled } = parsed([{ when: parts.join(' && ') }])
        const always = compiled.rules[0]?.condition?.known.always ?? null
        const [tried] = evaluate(compiled, request, new Date(0)).tried
        if (always !== null && tried?.matched !== 'failed') expect(tried?.matched).toBe(always)
        if (tried?.matched === true) expect(always).not.toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a rule that is never reached', () => {
  const always = 'r0, above it, always matches'
  const same = 'r0, above it, matches whatever it matches'

  test.each<[string, Rule[], string | null]>([
    ['below one without a condition', [{}, { when: 'risk == "low"' }], always],
    ['below one that is always true', [{ when: '1 == 1' }, { when: 'risk == "low"' }], always],
    ['below the same', [{ when: 'risk == "low"' }, { when: 'risk=="low"' }], same],
    [
      'below one that asks less',
      [{ when: 'action.tool == "x"' }, { when: 'risk == "low" && action.tool == "x"' }],
      same,
    ],
    [
      'below a lower bound',
      [{ when: 'action.arguments.n > 100' }, { when: 'action.arguments.n > 1000' }],
      same,
    ],
    [
      'below the same bound',
      [{ when: 'action.arguments.n >= 100' }, { when: 'action.arguments.n > 100' }],
      same,
    ],
    ['below a prefix', [{ when: 'action.tool.startsWith("a.")' }, { when: 'action.tool == "a.b"' }], same],
    ['below a longer list', [{ when: 'risk in ["low", "high"]' }, { when: 'risk == "high"' }], same],
    ['below a shorter list', [{ when: 'risk == "high"' }, { when: 'risk in ["low", "high"]' }], null],
    [
      'above a lower bound',
      [{ when: 'action.arguments.n > 1000' }, { when: 'action.arguments.n > 100' }],
      null,
    ],
    [
      'below a stricter bound',
      [{ when: 'action.arguments.n > 100' }, { when: 'action.arguments.n >= 100' }],
      null,
    ],
    [
      'below one that asks more',
      [{ when: 'risk == "low" && run_id == null' }, { when: 'risk == "low"' }],
      null,
    ],
    [
      'below one that allows and cannot fail',
      [{ when: 'action.tool == "x"', effect: 'allow' }, { when: 'action.tool == "x"' }],
      same,
    ],
    // Where the first fails, no rule may allow, and the second decides.
    [
      'below one that allows and can fail',
      [{ when: 'action.arguments.n < 1', effect: 'allow' }, { when: 'action.arguments.n < 1' }],
      null,
    ],
    [
      'that allows, below one that allows and can fail',
      [
        { when: 'action.arguments.n < 1', effect: 'allow' },
        { when: 'action.arguments.n < 1', effect: 'allow' },
      ],
      same,
    ],
    [
      'below one that denies and can fail',
      [{ when: 'action.arguments.n < 1' }, { when: 'action.arguments.n < 1' }],
      same,
    ],
  ])('%s', (_, [one = {}, other = {}], wanted) => {
    const found = warnings([
      { effect: 'deny', ...one },
      { effect: 'deny', ...other },
    ]).filter((warning) => warning.includes('reached'))
    expect(found).toEqual(wanted === null ? [] : [`rules[1].name: is never reached: ${wanted}`])
  })

  test('is passed by below one that allows, where one above that may have failed', () => {
    const [unsure, all] = [{ when: 'action.arguments.n < 1', effect: 'allow' }, { effect: 'allow' }] as const
    expect(warnings([unsure, all, { effect: 'deny' }])).toEqual([])
    expect(warnings([unsure, all, { when: 'risk == "low"', effect: 'allow' }])).toEqual([
      'rules[2].name: is never reached: r1, above it, always matches',
    ])
  })

  test('never decides, whatever is asked', () => {
    const when = fc.option(
      fc.constantFrom(
        'action.tool == "stripe.refund"',
        'action.tool.startsWith("stripe.")',
        'action.arguments.amount > 20',
        'action.arguments.amount > 23 && action.tool == "stripe.refund"',
        'action.arguments.missing > 1',
        'risk == "medium"',
        'true',
      ),
      { nil: undefined },
    )
    const rule = fc.record({ when, effect: fc.constantFrom('allow', 'deny', 'require_approval') })
    const asked = fc.constantFrom(
      requestOf(),
      requestOf({ arguments: { amount: 21 } }),
      requestOf({ arguments: { amount: 'x' } }),
      requestOf({ arguments: {} }, { risk: 'low' }),
      requestOf({ tool: 'stripe.x', arguments: { missing: 2 } }),
    )
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), asked, (rules, request) => {
        const given = rules.map(({ when: text, effect }) => ({
          effect: effect as NonNullable<Rule['effect']>,
          ...(text === undefined ? {} : { when: text }),
        }))
        const { compiled, warnings: said } = parsed(given)
        const never = said.flatMap(({ path, detail }) =>
          detail.startsWith('is never reached') ? [`r${/[0-9]+/.exec(path)?.[0]}`] : [],
        )
        expect(never).not.toContain(evaluate(compiled, request, new Date(0)).plan.rule)
      }),
      { numRuns: 1_000 },
    )
  })
})
