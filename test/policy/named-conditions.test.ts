import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject } from '../../src/approval/approval.ts'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-07-01T22:30:00Z')

function documentWith(conditions: Record<string, unknown>, ...whens: string[]): string {
  return JSON.stringify({
    admins: ['U_ALICE'],
    defaults: { effect: 'deny' },
    conditions,
    rules: whens.map((when, i) => ({ name: `r${i}`, when, effect: 'allow' })),
  })
}

function compiled(conditions: Record<string, unknown>, ...whens: string[]) {
  const parsed = parsePolicy(documentWith(conditions, ...whens))
  if (!parsed.ok) throw new Error(parsed.faults[0]?.detail)
  return parsed.compiled
}

/** true, false, or why it failed. */
function outcome(conditions: Record<string, unknown>, when: string, args: JsonObject = {}) {
  const { tried, faults } = evaluate(compiled(conditions, when), requestOf({ arguments: args }), now)
  return tried[0]?.matched === 'failed' ? faults[0]?.detail : tried[0]?.matched
}

describe('a condition with a name', () => {
  const big = 'action.arguments.amount > 1000'
  const named = { big, refund: 'action.tool == "stripe.refund"', big_refund: 'refund && big' }

  test.each<[string, JsonObject, boolean | string]>([
    ['big', { amount: 1001 }, true],
    ['big', { amount: 1000 }, false],
    ['big_refund && environment == "production"', { amount: 1001 }, true],
    ['!big_refund', { amount: 1001 }, false],
    ['big ? refund : false', { amount: 1001 }, true],
    ['big == big_refund', { amount: 1001 }, true],
    // As in CEL: what is false or true anyway does not fail.
    ['big && false', {}, false],
    ['big || refund', {}, true],
    ['big', {}, 'big: field not found: amount'],
    ['big_refund', {}, 'big_refund: big: field not found: amount'],
    ['!big', {}, 'big: field not found: amount'],
    // A loop's own variable comes first.
    ['action.arguments.list.exists(big, big > 2)', { list: [1, 3] }, true],
    ['action.arguments.list.all(x, big)', { list: [1, 3], amount: 5000 }, true],
  ])('%s of %j is %s', (when, args, wanted) => {
    const got = outcome(named, when, args)
    expect(got).toBe(wanted)
  })

  test('that is neither true nor false fails', () => {
    expect(outcome({ flag: 'action.arguments.flag' }, 'flag || false', { flag: 'yes' })).toContain(
      'flag: it is neither true nor false',
    )
  })

  test('means what it says where it is named, whatever it is and whatever is asked', () => {
    const parts = fc.constantFrom(
      'action.arguments.amount > 10',
      'action.arguments.missing > 1',
      'risk == "medium"',
      'action.tool == "other"',
      'true',
    )
    const frame = fc.constantFrom(
      (a: string, b: string) => `${a} && ${b}`,
      (a: string, b: string) => `${a} || ${b}`,
      (a: string, b: string) => `!${a} && ${b}`,
      (a: string, b: string) => `${a} ? ${b} : risk == "low"`,
      (a: string, b: string) => `[1, 2].exists(i, ${a} || ${b} && i > 1)`,
    )
    const args = fc.constantFrom<JsonObject>({ amount: 5 }, { amount: 50 }, { amount: 'x', missing: 2 })
    fc.assert(
      fc.property(parts, parts, frame, args, (a, b, join, given) => {
        const inline = outcome({}, join(`(${a})`, `(${b})`), given)
        const by_name = outcome({ a, b }, join('a', 'b'), given)
        expect(typeof by_name === 'string').toBe(typeof inline === 'string')
        if (typeof inline !== 'string') expect(by_name).toBe(inline)
      }),
      { numRuns: 300 },
    )
  })

  test('is evaluated once for a request, however often it is named', () => {
    const slow = 'action.arguments.list.all(x, action.arguments.list.all(y, x + y >= 0.0))'
    const list = Array.from({ length: 300 }, (_, i) => i)
    const request = requestOf({ arguments: { list, amount: 1 } })
    const faultsOf = (policy: ReturnType<typeof compiled>) => evaluate(policy, request, now).faults.length
    const many = Array.from({ length: 100 }, (_, i) => i)
    // None holds, and none can be passed by without asking for it.
    const each = (condition: string) => many.map((i) => `${condition} && size(action.arguments.list) == ${i}`)
    // Where it stands in every rule, a hundred of it are too dear.
    expect(faultsOf(compiled({}, ...each(slow)))).toBeGreaterThan(0)
    expect(faultsOf(compiled({ slow }, ...each('slow')))).toBe(0)
  })

  test('is evaluated anew for the next request', () => {
    const policy = compiled(named, 'big')
    const ruled = [5000, 5, 5000].map(
      (amount) => evaluate(policy, requestOf({ arguments: { amount } }), now).plan.rule,
    )
    expect(ruled).toEqual(['r0', null, 'r0'])
  })

  test('spares its rules their evaluation where it names another tool', () => {
    const policy = compiled({ other: 'action.tool == "other"' }, 'other && action.arguments.missing > 1')
    expect(policy.rules[0]?.condition?.mayHold(requestOf())).toBe(false)
    expect(policy.rules[0]?.condition?.mayHold(requestOf({ tool: 'other' }))).toBe(true)
  })

  test('that costs too much fails for every rule that names it, and no rule may allow', () => {
    const list = Array.from({ length: 3_000 }, (_, i) => i)
    const dear = 'action.arguments.list.all(x, action.arguments.list.all(y, x + y >= 0.0))'
    const policy = compiled({ dear }, 'dear || true', 'true')
    const { plan, faults } = evaluate(policy, requestOf({ arguments: { list } }), now)
    expect(plan.effect).toBe('deny')
    expect(faults[0]).toEqual({ rule: 'r0', detail: 'the conditions cost too much on this request' })
  })

  test('lets a rule look at the past through it', () => {
    const text = `admins: [U_ALICE]
defaults: {effect: deny}
history: {spent: {sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 24h}}
conditions: {much: history.spent > 100.0}
rules: [{name: a, when: '!much', effect: allow}]`
    const parsed = parsePolicy(text)
    if (!parsed.ok) throw new Error(parsed.faults[0]?.detail)
    expect(parsed.warnings).toEqual([])
    expect(parsed.compiled.rules[0]?.condition?.history).toEqual(['spent'])
    const ruling = (spent: number) => evaluate(parsed.compiled, requestOf(), now, { spent })
    expect([ruling(99).plan.effect, ruling(101).plan.effect]).toEqual(['allow', 'deny'])
    expect(evaluate(parsed.compiled, requestOf(), now).faults).toEqual([
      { rule: 'a', detail: 'history.spent is not known' },
    ])
  })
})

describe('named conditions', () => {
  test('may build on one another, up to the last', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`c${i}`, i === 0 ? 'risk == "medium"' : `c${i - 1} && true`]),
    )
    expect(outcome(chain, 'c199')).toBe(true)
    expect(parsePolicy(documentWith({ ...chain, c200: 'c199' }, 'c200'))).toMatchObject({
      ok: false,
      faults: [{ path: 'conditions', detail: 'at most 200 have a name' }],
    })
  })

  const text = (conditions: string, when = 'true') =>
    `admins: [U_ALICE]\ndefaults: {effect: deny}\nconditions:\n${conditions}\nrules: [{name: a, when: '${when}'}]\n`
  const said = (document: string) => {
    const parsed = parsePolicy(document)
    const found = parsed.ok ? parsed.warnings : parsed.faults
    return found.map(({ line, column, path, detail }) => `${line}:${column} ${path}: ${detail}`)
  }

  test.each<[string, string, string[]]>([
    [
      '  big: action.tol == "x"',
      'big',
      [
        '4:14 conditions.big: there is no field "tol" (did you mean "tool"?): there are tool, arguments, summary, justification',
      ],
    ],
    ['  big: >-\n    risk == "high" &&\n    bog', 'big', ['6:5 conditions.big: unknown name "bog"']],
    ['  big: risk == "high"', 'bigg', ['5:26 rules[0].when: unknown name "bigg" (did you mean "big"?)']],
    [
      '  a: b\n  b: risk == "low"',
      'a && b',
      ['4:6 conditions.a: "b" is not known here yet: a condition can name those above it'],
    ],
    ['  a: a', 'a', ['4:6 conditions.a: "a" is not known here yet: a condition can name those above it']],
    ['  a: 1 + 1', 'a', ['4:7 conditions.a: a condition is true or false; this is int']],
    [
      '  a: true',
      'a',
      ['4:6 conditions.a: expected text, not true or false', '5:26 rules[0].when: unknown name "a"'],
    ],
    [
      '  risk: "true"',
      'true',
      ['4:3 conditions.risk: means something else in CEL, or in every condition: take another name'],
    ],
    [
      '  in: "true"',
      'true',
      ['4:3 conditions.in: means something else in CEL, or in every condition: take another name'],
    ],
    [
      '  big-one: "true"',
      'true',
      ['4:3 conditions.big-one: a name is 1 to 64 letters, digits or underscores, and a letter first'],
    ],
    ['  __proto__: "true"', 'true', ['4:3 : unknown field "__proto__"']],
    [
      '  a: risk == "low"\n  b: a',
      'true',
      [
        '4:3 conditions.a: no rule looks at it',
        '5:3 conditions.b: no rule looks at it',
        '6:25 rules[0].when: is always true',
      ],
    ],
    ['  a: risk == "low"\n  b: a', 'b', []],
  ])('%j named by %s', (conditions, when, wanted) => {
    expect(said(text(conditions, when))).toEqual(wanted)
  })
})
