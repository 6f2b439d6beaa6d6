import { describe, expect, test } from '@jest/globals'
import type { HistoryValues } from '../../src/approval/history.ts'
import { evaluate, historyNeeded, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const head = `admins: [U_ALICE]
roles: {ops: {channel: C_OPS, members: [U_ALICE, U_BOB]}}
defaults: {stages: [{role: ops, approvals: 1}]}
`

function compiled(text: string) {
  const parsed = parsePolicy(head + text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.compiled
}

describe('an entry of the history', () => {
  const faultsOf = (entry: string) => {
    const parsed = parsePolicy(`${head}history: {x: ${entry}}\nrules: [{name: a, when: history.x > 0}]`)
    return parsed.ok ? [] : parsed.faults.map(({ line, column, detail }) => `${line}:${column} ${detail}`)
  }

  test.each([
    [
      '{sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 24h}',
      { sum: ['amount'], tools: ['stripe.refund'], by: ['agent'], within_ms: 86_400_000 },
    ],
    [
      `{sum: 'action.arguments["net total"].cents', tool: [stripe.*, paypal.refund], by: [agent, run], within: 3600}`,
      {
        sum: ['net total', 'cents'],
        tools: ['stripe.*', 'paypal.refund'],
        by: ['agent', 'run'],
        within_ms: 3_600_000,
      },
    ],
    [
      '{sum: action.arguments.amount, by: [subject, tool], within: 7d}',
      { sum: ['amount'], tools: null, by: ['subject', 'tool'], within_ms: 604_800_000 },
    ],
    ['{count: true, by: tool, within: 90s}', { sum: null, tools: null, by: ['tool'], within_ms: 90_000 }],
  ])('is read: %s', (entry, meant) => {
    const policy = compiled(`history: {x: ${entry}}\nrules: [{name: a, when: history.x > 0}]`)
    expect([...policy.history]).toEqual([['x', meant]])
  })

  test.each([
    ['5', '4:14', 'expected a map, not a number'],
    ['{by: agent, within: 1h}', '4:14', 'says either sum, of which argument, or count: true'],
    [
      '{count: true, sum: action.arguments.a, tool: t, by: agent, within: 1h}',
      '4:14',
      'says either sum, of which',
    ],
    ['{count: false, by: agent, within: 1h}', '4:22', 'write count: true, or sum'],
    ['{sum: arguments.a, tool: t, by: agent, within: 1h}', '4:20', 'as in action.arguments.amount'],
    ['{sum: action.arguments, tool: t, by: agent, within: 1h}', '4:20', 'says which argument is added up'],
    ['{sum: action.arguments.a + 1, tool: t, by: agent, within: 1h}', '4:20', 'says which argument'],
    ['{sum: action.argumentsamount, tool: t, by: agent, within: 1h}', '4:20', 'says which argument'],
    ['{sum: action.arguments.a, by: agent, within: 1h}', '4:14', 'adds up an argument of any tool'],
    ['{count: true, within: 1h}', '4:14', 'is required'],
    ['{count: true, by: owner, within: 1h}', '4:32', 'is one of agent, tool, subject, run, or a list'],
    ['{count: true, by: [agent, rum], within: 1h}', '4:40', '(did you mean "run"?)'],
    ['{count: true, by: [], within: 1h}', '4:32', 'must not be empty'],
    ['{count: true, by: [run, run], within: 1h}', '4:38', '"run" is listed twice'],
    ['{count: true, by: agent}', '4:14', 'is required'],
    ['{count: true, by: agent, within: 400d}', '4:47', 'not a duration'],
    ['{count: true, by: agent, within: 1h, tool: "a b"}', '4:57', 'not a tool: write stripe.refund'],
    ['{count: true, by: agent, within: 1h, tool: "*"}', '4:57', 'left out, any counts'],
    ['{count: true, by: agent, within: 1h, tool: [a, a]}', '4:61', '"a" is listed twice'],
    ['{count: true, by: agent, witin: 1h, within: 1h}', '4:39', '(did you mean "within"?)'],
  ])('that is wrong is refused where it stands: %s', (entry, place, detail) => {
    const [fault, ...others] = faultsOf(entry)
    expect(others).toEqual([])
    expect(fault?.split(' ')[0]).toBe(place)
    expect(fault).toContain(detail)
  })

  test('has a name that conditions can write, and is warned of where none does', () => {
    const named = (name: string) =>
      parsePolicy(`${head}history: {${name}: {count: true, by: agent, within: 1h}}`)
    expect(named('a-b')).toMatchObject({ ok: false, faults: [{ line: 4, column: 11 }] })
    expect(named('_ab')).toMatchObject({ ok: false, faults: [{ line: 4, column: 11 }] })
    expect(named('used')).toMatchObject({
      ok: true,
      warnings: [{ line: 4, column: 11, path: 'history.used', detail: 'no condition looks at it' }],
    })
  })
})

describe('a condition that looks back', () => {
  const faultsOf = (when: string, history = 'history: {refunds: {count: true, by: agent, within: 1h}}') => {
    const parsed = parsePolicy(`${head}${history}\nrules: [{name: a, when: '${when}'}]`)
    return parsed.ok ? [] : parsed.faults.map(({ line, column, detail }) => `${line}:${column} ${detail}`)
  }

  test.each([
    'history.refunds > 3',
    'history.refunds + action.arguments.amount > 1000',
    'history.refunds >= 3.5 && risk == "high"',
    '[history.refunds, 2.0].exists(x, x > 1.0)',
  ])('may say %s', (when) => {
    expect(faultsOf(when)).toEqual([])
  })

  test.each([
    ['history.refund > 3', 'there is no field "refund" (did you mean "refunds"?): there are refunds'],
    ['history.refunds + 1 > 3', 'write 2.0 for 2'],
    ['history.refunds > "3"', '> does not work between double and string'],
    ['history.refunds', 'a condition is true or false; this is double'],
    ['has(history.refunds)', 'is looked at by name'],
    ['"refunds" in history', 'is looked at by name'],
    ['history[action.tool] > 3', 'is looked at by name'],
    ['history.all(name, name != "")', 'is looked at by name'],
  ])('may not say %s', (when, detail) => {
    expect(faultsOf(when)).toEqual([expect.stringContaining(detail)])
  })

  test('must have a history to look at', () => {
    expect(faultsOf('history.refunds > 3', '')).toEqual([
      expect.stringContaining('there is no field "refunds": the policy defines none'),
    ])
  })
})

const limits = `history:
  refunded: {sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 24h}
  mails: {count: true, tool: mail.*, by: run, within: 1d}
  exports: {count: true, tool: customers.export, by: run, within: 1d}
rules:
  - {name: never, when: 'action.tool == "stripe.refund" && action.arguments.amount > 500', effect: deny}
  - {name: limit, when: 'action.tool == "stripe.refund" && history.refunded + action.arguments.amount > 1000'}
  - {name: mails, when: 'action.tool.startsWith("mail.") && (history.exports > 0 || history.mails > 9)'}
  - {name: night, when: 'now.getHours() < 6'}
  - {name: rest, effect: allow}
`

describe('what must be known of the past', () => {
  const needed = (tool: string, amount = 24, at = now) =>
    historyNeeded(compiled(limits), requestOf({ tool, arguments: { amount } }), at)

  test('is what the rules look at that the request can come to', () => {
    expect(needed('stripe.refund')).toEqual(['refunded'])
    expect(needed('mail.send')).toEqual(['exports', 'mails'])
    expect(needed('customers.export')).toEqual([])
  })

  test('is nothing where a rule decides before', () => {
    expect(needed('stripe.refund', 501)).toEqual([])
    const denied = compiled(limits.replace('action.arguments.amount > 500', 'action.arguments.missing > 500'))
    expect(historyNeeded(denied, requestOf(), now)).toEqual([])
  })

  test('is nothing where the policy has no history', () => {
    expect(historyNeeded(compiled('rules: [{name: a, when: risk == "low"}]'), requestOf(), now)).toEqual([])
  })

  test('does not depend on the time but for being needed at all, as what is locked must be what is read', () => {
    const early = new Date('2026-11-22T03:00:00Z')
    const policy =
      compiled(`history: {a: {count: true, by: agent, within: 1h}, b: {count: true, by: agent, within: 1h}}
rules:
  - {name: first, when: 'history.a > 1'}
  - {name: night, when: 'now.getHours() < 6'}
  - {name: second, when: 'history.b > 1'}
`)
    for (const at of [early, now]) expect(historyNeeded(policy, requestOf(), at)).toEqual(['a', 'b'])
  })
})

describe('a request and what was allowed before it', () => {
  const ruled = (tool: string, history: HistoryValues, amount = 24) => {
    const ruling = evaluate(compiled(limits), requestOf({ tool, arguments: { amount } }), now, history)
    return { by: ruling.plan.rule, seen: ruling.history, faults: ruling.faults }
  }

  test.each([
    ['stripe.refund', { refunded: 976 }, 'rest'],
    ['stripe.refund', { refunded: 976.01 }, 'limit'],
    ['mail.send', { exports: 0, mails: 9 }, 'rest'],
    ['mail.send', { exports: 1, mails: 0 }, 'mails'],
    ['mail.send', { exports: 0, mails: 10 }, 'mails'],
  ])('%s after %j is decided by %s', (tool, history, by) => {
    expect(ruled(tool, history)).toEqual({ by, seen: history, faults: [] })
  })

  test('only what rules looked at that were asked is said to be seen', () => {
    expect(ruled('stripe.refund', { refunded: 5, mails: 3 }).seen).toEqual({ refunded: 5 })
    expect(ruled('stripe.refund', { refunded: 5 }, 501).seen).toEqual({})
  })

  test('what is not known fails closed, with the reason', () => {
    expect(ruled('stripe.refund', { refunded: { failed: 'the sum is too large' } })).toEqual({
      by: 'limit',
      seen: { refunded: null },
      faults: [{ rule: 'limit', detail: 'history.refunded is not known: the sum is too large' }],
    })
    expect(ruled('stripe.refund', {})).toMatchObject({
      by: 'limit',
      faults: [{ rule: 'limit', detail: 'history.refunded is not known' }],
    })
  })

  test('what is not known does not count where the rest decides', () => {
    expect(ruled('mail.send', { exports: 1, mails: { failed: 'too many' } })).toEqual({
      by: 'mails',
      seen: { exports: 1, mails: null },
      faults: [],
    })
  })

  test('a rule that allows does not, where it looks at what is not known', () => {
    const policy = compiled(`history: {n: {count: true, by: run, within: 1h}}
rules: [{name: few, when: history.n < 3, effect: allow}, {name: any, effect: allow}]
`)
    const outcome = (history: HistoryValues) => evaluate(policy, requestOf(), now, history).plan
    expect(outcome({ n: 2 })).toMatchObject({ rule: 'few', effect: 'allow' })
    expect(outcome({ n: { failed: 'no run_id' } })).toMatchObject({ rule: null, effect: 'require_approval' })
  })
})
