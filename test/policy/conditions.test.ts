import { describe, expect, test } from '@jest/globals'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import type { JsonObject } from '../../src/approval/approval.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-07-01T22:30:00.250Z')

function documentWith(when: string): string {
  return JSON.stringify({
    admins: ['U_ALICE'],
    defaults: { effect: 'deny' },
    rules: [{ name: 'only', when, effect: 'allow' }],
  })
}

function faultOf(when: string): string | undefined {
  const parsed = parsePolicy(documentWith(when))
  return parsed.ok ? undefined : parsed.faults[0]?.detail
}

/** true, false, or why it failed. */
function outcome(when: string, args: JsonObject = {}, other: Parameters<typeof requestOf>[1] = {}) {
  const parsed = parsePolicy(documentWith(when))
  if (!parsed.ok) throw new Error(`${when}: ${parsed.faults[0]?.detail}`)
  const { tried, faults } = evaluate(parsed.compiled, requestOf({ arguments: args }, other), now)
  return tried[0]?.matched === 'failed' ? faults[0]?.detail : tried[0]?.matched
}

describe('a condition', () => {
  test.each<[string, JsonObject, boolean]>([
    ['action.arguments.amount > 100', { amount: 240 }, true],
    ['action.arguments.amount > 100', { amount: 240.5 }, true],
    ['action.arguments.amount > 100.0', { amount: 240 }, true],
    ['action.arguments.amount > 100.0', { amount: 240.5 }, true],
    ['action.arguments.amount == 240', { amount: 240 }, true],
    ['action.arguments.amount == 9007199254740991', { amount: 9_007_199_254_740_991 }, true],
    ['action.arguments.amount in [239, 240]', { amount: 240 }, true],
    ['action.arguments.amount * 2.0 > 480.5', { amount: 240.5 }, true],
    ['int(action.arguments.amount) % 2 == 0', { amount: 240 }, true],
    ['action.arguments.list[0] == "a" && action.arguments["list"].size() == 1', { list: ['a'] }, true],
    [
      'action.arguments.items.exists(i, i.price > 10 && i.name.startsWith("x"))',
      { items: [{ price: 11, name: 'xy' }] },
      true,
    ],
    ['action.arguments.items.filter(i, i > 1).map(i, i * 2.0) == [4.0, 6.0]', { items: [1, 2, 3] }, true],
    ['action.arguments.all(key, key in ["a", "b"])', { a: 1, c: 1 }, false],
    ['has(action.arguments.force)', { force: null }, true],
    ['"force" in action.arguments', { force: null }, true],
    ['has(action.arguments.force)', {}, false],
    ['run_id == null && on_behalf_of == null && subject == null && action.summary == null', {}, true],
    ['agent.owner == "U_DAVE" && agent.name == "refund-bot" && agent.environment == "production"', {}, true],
    ['now.getHours("Europe/Berlin") == 0 && now.getHours() == 22 && now.getHours("+05:30") == 4', {}, true],
    ['now.getDayOfYear("Europe/Berlin") == 182 && now.getDayOfWeek() == 3', {}, true],
    ['now > timestamp("2026-07-01T22:30:00Z") && now - timestamp(0) > duration("24h")', {}, true],
  ])('%s of %j is %s', (when, args, wanted) => {
    expect(outcome(when, args)).toBe(wanted)
  })

  test('sees what the request says of its subject, its risk and its metadata', () => {
    const other = {
      subject: { type: 'order', id: '1881', url: null },
      risk: 'high',
      metadata: { team: 'support' },
      on_behalf_of: 'U_ERIN',
    } as const
    expect(
      outcome(
        'subject.type == "order" && subject.url == null && risk in ["high", "critical"] && metadata.team == "support" && on_behalf_of == "U_ERIN"',
        {},
        other,
      ),
    ).toBe(true)
  })

  test.each<[string, JsonObject, string]>([
    ['action.arguments.amount > 100', {}, 'field not found: amount'],
    ['action.arguments.amount > 100', { amount: '240' }, '> does not take (string, int)'],
    ['action.arguments.amount > 100', { amount: null }, '> does not take (null_type, int)'],
    ['double(action.arguments.amount) > 100.0', { amount: 'lots' }, 'not a number'],
    ['int(action.arguments.amount) > 100', { amount: '' }, 'not a number'],
    ['action.arguments.flag', { flag: 'yes' }, 'the condition is neither true nor false'],
    ['action.arguments.list[3] == 1', { list: [1] }, 'out of bounds'],
    ['subject.type == "order"', {}, 'field not found: type'],
  ])('%s of %j fails', (when, args, why) => {
    expect(outcome(when, args)).toContain(why)
  })

  test('finds no key that the request does not have itself', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(outcome(`has(action.arguments.${key})`, {})).toBe(false)
      expect(outcome(`"${key}" in metadata`, {})).toBe(false)
      const own = JSON.parse(`{"${key}": {"amount": 5}}`) as JsonObject
      expect(outcome(`action.arguments.${key}.amount == 5`, own)).toBe(true)
    }
  })
})

describe('a pattern', () => {
  test.each<[string, string, boolean]>([
    ['(?i)drop\\\\s+table', 'DROP  Table x', true],
    ['^drop$', 'drop\ntable', false],
    ['(?m)^table$', 'drop\ntable', true],
    ['\\\\pL+', 'é', true],
  ])('%s is RE2 on %j', (pattern, q, wanted) => {
    expect(outcome(`action.arguments.q.matches("${pattern}")`, { q })).toBe(wanted)
  })

  test('that backtracks without end in JavaScript is done in one pass', () => {
    for (const pattern of ['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '(x+x+)+y'])
      expect(outcome(`action.arguments.q.matches("${pattern}")`, { q: `${'a'.repeat(20_000)}!` })).toBe(false)
  })

  test.each([
    ['action.tool.matches("(")', 'not an RE2 pattern: missing closing )'],
    ['action.tool.matches("a(?=b)")', 'not an RE2 pattern'],
    ['action.tool.matches("(a{500}){3}")', 'not an RE2 pattern'],
    ['action.tool.matches("a{900}")', 'the pattern is too large'],
    ['action.tool.matches(action.arguments.pattern)', 'must be written out here'],
  ])('%s is refused when it is saved', (when, detail) => {
    expect(faultOf(when)).toContain(detail)
  })
})

describe('a condition that cannot be meant', () => {
  test.each([
    ['acton.tool == "x"', 'unknown name "acton" (did you mean "action"?)'],
    ['action.tol == "x"', 'there is no field "tol" (did you mean "tool"?)'],
    ['action["tol"] == "x"', 'there is no field "tol"'],
    ['subject.kind == "order"', 'there is no field "kind"'],
    ['constructor == 1', 'unknown name "constructor"'],
    ['action.tool.startswith("x")', 'unknown function startswith (did you mean "startsWith"?)'],
    ['startsWith(action.tool, "x")', 'it is written x.startsWith(…)'],
    ['action.tool > 100', '> does not work between string and int'],
    ['action.tool.size() > "x"', '> does not work between int and string'],
    ['action.arguments.n + 1 > 2', 'write 2.0 for 2'],
    ['action.arguments.n % 2 == 0', 'write int(…) around it'],
    ['action.arguments.at < now', '< does not work between a value of the request and timestamp'],
    ['size(action.tool)', 'a condition is true or false; this is int'],
    ['action.tool', 'a condition is true or false; this is string'],
    ['action.tool && true', 'string where true or false is needed'],
    ['[1, 2].all(x, x + "a" == "b")', '+ does not work between int and string'],
    ['action.tool.all(x, true)', 'string where a list or a map is needed'],
    ['[1, 2].all(1, true)', 'all is written list.all(x, x > 1.0)'],
    ['has(action)', 'has is written has(action.arguments.amount)'],
    ['timestamp("tomorrow") < now', 'always fails'],
    ['1 / 0 == 1', 'always fails'],
    ['now.getHours("Mars") == 1', '"Mars" is not a time zone'],
    ['risk >= "high"', 'would compare risk by its letters'],
    ['risk == "hihg"', 'risk is never "hihg" (did you mean "high"?)'],
    ['risk in ["high", "severe"]', 'risk is never "severe"'],
    ['google.protobuf.Duration{seconds: 1} == duration("1s")', 'there is no type'],
    ['action.tool == ', 'not CEL'],
    ['', 'not CEL'],
  ])('%s', (when, detail) => {
    expect(faultOf(when)).toContain(detail)
  })

  test('is shown where it stands, however the text is written', () => {
    const head = 'admins: [U_ALICE]\ndefaults: {effect: deny}\nrules:\n- name: a\n  effect: allow\n'
    const places = [
      `  when: 'risk == ''low'' && foo'`,
      `  when: "risk == \\"low\\" && foo"`,
      `  when: risk == "low" && foo`,
      `  when: |\n    risk == "low" &&\n      foo\n`,
      `  when: >-\n    risk == "low"\n    && foo\n`,
      `  when: risk == "low"\n    && foo`,
    ].map((when) => {
      const parsed = parsePolicy(head + when)
      return parsed.ok ? null : parsed.faults.map(({ line, column }) => `${line}:${column}`).join()
    })
    expect(places).toEqual(['6:29', '6:29', '6:26', '8:7', '8:8', '7:8'])
  })
})

describe('a condition that would take long', () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => i)

  test.each([
    ['(', 'not CEL'],
    [`${'('.repeat(25)}true${')'.repeat(25)}`, 'brackets nested more than 24 deep'],
    [`${'risk == "low" || '.repeat(200)}true`, 'longer than 2000 characters'],
    [`${'true||'.repeat(200)}true`, ''],
    [`[${'1,'.repeat(600)}1].size() > 0`, 'more than 500 parts'],
    ['[1].all(a, [1].all(b, [1].all(c, true)))', 'nested more than 2 deep'],
  ])('%.40s is refused when it is saved', (when, detail) => {
    if (detail === '') expect(faultOf(when)).toBeUndefined()
    else expect(faultOf(when)).toContain(detail)
  })

  test.each<[string, JsonObject]>([
    ['action.arguments.l.all(x, action.arguments.l.all(y, x + y >= 0.0))', { l: numbers }],
    ['action.arguments.l.all(x, action.arguments.l.exists(y, true))', { l: numbers }],
    ['action.arguments.l.all(x, action.arguments.l.all(y, true) || true)', { l: numbers }],
    [
      'action.arguments.l.map(x, action.arguments.l) == action.arguments.l.map(x, action.arguments.l)',
      { l: numbers },
    ],
    ['action.arguments.l.map(x, x + 1.0).size() > 3', { l: numbers }],
    ['action.arguments.l.all(x, action.arguments.s.size() > 3)', { l: numbers, s: 'é'.repeat(100_000) }],
    [
      'action.arguments.s.contains(action.arguments.t)',
      { s: 'a'.repeat(120_000), t: `${'a'.repeat(50_000)}b${'a'.repeat(50_000)}` },
    ],
    ['action.arguments.s.matches("(a|b|ab|ba){1,40}$")', { s: 'ab'.repeat(60_000) }],
  ])('%s fails on a request that makes it so', (when, args) => {
    expect(outcome(when, args)).toBe('the conditions cost too much on this request')
  })

  test('does so too where the rest of it could swallow the failure', () => {
    expect(
      outcome('action.arguments.l.all(x, action.arguments.l.all(y, true)) || true', { l: numbers }),
    ).toContain('cost too much')
  })

  test('takes what an ordinary request brings', () => {
    expect(outcome('action.arguments.l.all(x, x >= 0.0)', { l: numbers })).toBe(true)
    expect(
      outcome('action.arguments.s.matches("(?i)drop\\\\s+table")', { s: 'select 1;'.repeat(25_000) }),
    ).toBe(false)
  })
})
