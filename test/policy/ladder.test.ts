import { describe, expect, test } from '@jest/globals'
import { assert, constantFrom, integer, option, property, record } from 'fast-check'
import type { Hours } from '../../src/approval/hours.ts'
import type { Rung } from '../../src/approval/plan.ts'
import { evaluate, parsePolicy } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

const now = new Date('2026-11-22T12:00:00Z')
const minute = 60_000

const head = `admins: [U_ALICE]
roles:
  ops: {channel: C_OPS, members: [U_BOB, U_EVE, S_OPS], hours: {timezone: Europe/Berlin, days: [mon, fri], from: "09:00", to: "18:00"}}
  desk: {channel: C_DESK, members: [U_BOB, S_DESK], hours: {timezone: America/New_York, days: [sat], from: "22:00", to: "06:00"}}
  night: {channel: C_NIGHT, members: [U_BOB, S_NIGHT]}
`
const berlin: Hours = { timezone: 'Europe/Berlin', days: ['mon', 'fri'], from: '09:00', to: '18:00' }
const newYork: Hours = { timezone: 'America/New_York', days: ['sat'], from: '22:00', to: '06:00' }
const stages = 'stages: [{role: ops, approvals: 1}]'

/** The plan of the first rule, or where there is none of the defaults; `text` is what follows the roles. */
function planOf(text: string, request = requestOf()) {
  const parsed = parsePolicy(head + text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return evaluate(parsed.compiled, request, now).plan
}

function reminders(...minutes: number[]): Rung[] {
  return minutes.map((after) => ({ do: 'remind', after_ms: after * minute }))
}

describe('the ladder of a plan', () => {
  const ladderOf = (steps: string, other = '') =>
    planOf(`defaults: {${stages}, escalation: [${steps}], expires_in: 30m${other}}`).escalation

  test.each<[string, string, Rung[]]>([
    ['nothing', '', []],
    ['a reminder', '{do: remind, after: 10m}', reminders(10)],
    ['a mention', '{do: mention, after: 10m}', [{ do: 'mention', after_ms: 10 * minute }]],
    [
      'another role',
      '{do: escalate, after: 10m, to: night}',
      [{ do: 'escalate', to: 'night', after_ms: 10 * minute }],
    ],
    [
      'more approvals',
      '{do: require, after: 90, approvals: 2}',
      [{ do: 'require', approvals: 2, after_ms: 90_000 }],
    ],
    ['a reminder three times', '{do: remind, after: 5m, every: 4m, at_most: 3}', reminders(5, 9, 13)],
    [
      'a reminder once, though it could repeat',
      '{do: remind, after: 5m, every: 4m, at_most: 1}',
      reminders(5),
    ],
    ['a reminder as often as there is time', '{do: remind, after: 5m, every: 10m}', reminders(5, 15, 25)],
    [
      'no more often than there is time',
      '{do: remind, after: 5m, every: 10m, at_most: 50}',
      reminders(5, 15, 25),
    ],
    [
      'a reminder that never comes, which is one all the same',
      '{do: remind, after: 40m, every: 1m}',
      reminders(40),
    ],
  ])('%s', (_, steps, rungs) => {
    expect(ladderOf(steps)).toEqual(rungs)
  })

  test('repeats no more than a hundred times in any case', () => {
    const rungs = planOf(
      `defaults: {${stages}, expires_in: 366d, escalation: [{do: remind, after: 1s, every: 1s}]}`,
    ).escalation

    expect(rungs).toHaveLength(100)
    expect(rungs.at(-1)).toEqual({ do: 'remind', after_ms: 100_000 })
  })

  test('repeats into the time that an approver may add', () => {
    expect(ladderOf('{do: remind, after: 5m, every: 20m}', ', extend: 30m')).toEqual(reminders(5, 25, 45))
  })

  test('is in the order in which it comes due, the document’s where that is the same', () => {
    const rungs =
      ladderOf(`{do: escalate, after: 10m, to: night}, {do: remind, after: 2m, every: 4m, at_most: 3},
      {do: mention, after: 10m}, {do: require, after: 1m, approvals: 2}`)

    expect(rungs.map((rung) => `${rung.after_ms / minute} ${rung.do}`)).toEqual([
      '1 require',
      '2 remind',
      '6 remind',
      '10 escalate',
      '10 remind',
      '10 mention',
    ])
  })

  test('of any reminder starts when it says, keeps its distance, and ends with its number or its time', () => {
    const steps = record({
      after: integer({ min: 1, max: 5_000 }),
      every: integer({ min: 1, max: 5_000 }),
      at_most: option(integer({ min: 1, max: 100 }), { nil: undefined }),
      extend: constantFrom(0, 600),
    })
    assert(
      property(steps, ({ after, every, at_most, extend }) => {
        const step = JSON.stringify({ do: 'remind', after, every, at_most })
        const more = extend > 0 ? `, extend: ${extend}` : ''
        const rungs = planOf(
          `defaults: {${stages}, expires_in: 3600, escalation: [${step}]${more}}`,
        ).escalation
        const end = (3_600 + extend) * 1_000

        expect(rungs).toEqual(rungs.map((_, i) => ({ do: 'remind', after_ms: (after + i * every) * 1_000 })))
        const stopped = rungs.length === (at_most ?? 100) || rungs.length === 100
        if (!stopped) expect((rungs.at(-1)?.after_ms ?? 0) + every * 1_000 > end).toBe(true)
        if (rungs.length > 1) expect(rungs.at(-1)?.after_ms).toBeLessThanOrEqual(end)
        expect(rungs.length).toBeLessThanOrEqual(at_most ?? 100)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a rule', () => {
  const defaults = `defaults: {${stages}, escalation: [{do: remind, after: 10m}], extend: 30m}\n`

  test('climbs the ladder of the defaults and extends as they do, where it says nothing', () => {
    expect(planOf(`${defaults}rules: [{name: a}]`)).toMatchObject({
      rule: 'a',
      escalation: reminders(10),
      extend_ms: 30 * minute,
    })
  })

  test('climbs its own where it has one, none of the defaults’ with it', () => {
    const plan = planOf(`${defaults}rules: [{name: a, escalation: [{do: mention, after: 5m}], extend: 90}]`)

    expect(plan).toMatchObject({ escalation: [{ do: 'mention', after_ms: 5 * minute }], extend_ms: 90_000 })
  })

  test('may say that it climbs none', () => {
    expect(planOf(`${defaults}rules: [{name: a, escalation: []}]`).escalation).toEqual([])
  })

  test('without any ladder or extension anywhere has none', () => {
    expect(planOf(`defaults: {${stages}}`)).toMatchObject({ escalation: [], extend_ms: null, hours: {} })
  })

  test('repeats the defaults’ reminder in its own time', () => {
    const text = `defaults: {${stages}, expires_in: 1h, escalation: [{do: remind, after: 10m, every: 10m}]}
rules: [{name: a, expires_in: 25m}]`

    expect(planOf(text).escalation).toEqual(reminders(10, 20))
  })

  test('keeps its ladder whole where the agent is in a hurry: the end cuts it off', () => {
    const plan = planOf(`${defaults}rules: [{name: a}]`, requestOf({}, { expires_in_ms: 5 * minute }))

    expect(plan).toMatchObject({ expires_in_ms: 5 * minute, escalation: reminders(10) })
  })

  test.each(['allow', 'deny'])('that comes to %s has no ladder, whatever the defaults', (effect) => {
    expect(planOf(`${defaults}rules: [{name: a, effect: ${effect}}]`)).toMatchObject({
      stages: [],
      escalation: [],
      hours: {},
    })
  })

  test('that a failed condition turns into a question asks it with the ladder of the defaults', () => {
    const text = `defaults: {effect: allow, ${stages}, escalation: [{do: escalate, after: 5m, to: desk}]}
rules: [{name: a, when: action.arguments.missing > 1, effect: allow}]`

    expect(planOf(text)).toMatchObject({
      rule: null,
      effect: 'require_approval',
      escalation: [{ do: 'escalate', to: 'desk' }],
      hours: { ops: berlin, desk: newYork },
    })
  })
})

describe('the hours of a plan', () => {
  test.each<[string, string, Record<string, Hours>]>([
    ['are its stages’', stages, { ops: berlin }],
    [
      'are of those it escalates to as well',
      `${stages}, escalation: [{do: escalate, after: 5m, to: desk}]`,
      { ops: berlin, desk: newYork },
    ],
    ['are none where the roles have none', 'stages: [{role: night, approvals: 1}]', {}],
    ['are once each', 'stages: [{role: ops, approvals: 1}, {role: ops, approvals: 1}]', { ops: berlin }],
    [
      'are not of roles that are not asked',
      'stages: [{role: night, approvals: 1}, {role: desk, approvals: 1}]',
      { desk: newYork },
    ],
  ])('%s', (_, terms, hours) => {
    expect(planOf(`defaults: {${terms}}`).hours).toEqual(hours)
  })

  test('are of a role named like what every object has', () => {
    const text = 'defaults: {stages: [{role: constructor, approvals: 1}]}'
    const role = '  constructor: {channel: C_OPS, members: [U_BOB]}\n'
    const parsed = parsePolicy(head + role + text)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))

    expect(evaluate(parsed.compiled, requestOf(), now).plan.hours).toEqual({})
  })
})

/** Where the mark stands in the text after the roles, as line and column of the document. */
function placeIn(text: string): string {
  const lines = (head + text).slice(0, (head + text).indexOf('▸')).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

describe('a ladder that is wrong', () => {
  const faultsOf = (text: string) => {
    const parsed = parsePolicy(head + text)
    return parsed.ok
      ? []
      : parsed.faults.map(({ line, column, path, detail }) => `${line}:${column} ${path}: ${detail}`)
  }
  const two = 'stages: [{role: ops, approvals: 2}]'

  test.each([
    [
      'leads to a role that is not there',
      `defaults: {${stages}, escalation: [{do: escalate, after: 5m, to: ▸nigth}]}`,
      'defaults.escalation[0].to: there is no role "nigth" (did you mean "night"?)',
    ],
    [
      'leads to a role named like what every object has',
      `defaults: {${stages}, escalation: [{do: escalate, after: 5m, to: ▸toString}]}`,
      'defaults.escalation[0].to: there is no role "toString"',
    ],
    [
      'asks for fewer than its stage',
      `defaults: {${two}, escalation: [{do: require, after: 5m, approvals: ▸1}]}`,
      'defaults.escalation[0].approvals: asks for 1 where 2 must approve from the start: a step can only ask for more',
    ],
    [
      'asks for as many as its stage',
      `defaults: {${two}, escalation: [{do: require, after: 5m, approvals: ▸2}]}`,
      'defaults.escalation[0].approvals: asks for 2 where 2 must approve from the start: a step can only ask for more',
    ],
    [
      'asks for fewer than the stages that its rule inherits',
      `defaults: {${two}}\nrules:\n- {name: a, escalation: [{do: require, after: 5m, approvals: ▸1}]}`,
      'rules[0].escalation[0].approvals: asks for 1 where 2 must approve from the start: a step can only ask for more',
    ],
    [
      'asks for more than anybody may',
      `defaults: {${stages}, escalation: [{do: require, after: 5m, approvals: ▸51}]}`,
      'defaults.escalation[0].approvals: is at most 50',
    ],
    [
      'repeats what is not a reminder',
      `defaults: {${stages}, escalation: [{do: mention, after: 5m, ▸every: 5m}]}`,
      'defaults.escalation[0].every: unknown field "every"',
    ],
    [
      'escalates to nobody',
      `defaults: {${stages}, escalation: [▸{do: escalate, after: 5m}]}`,
      'defaults.escalation[0].to: is required',
    ],
    [
      'stands in a rule that allows',
      `defaults: {${stages}}\nrules:\n- {name: a, effect: allow, ▸escalation: []}`,
      'rules[0].escalation: has no meaning in a rule whose effect is allow',
    ],
    [
      'can be extended where nobody is asked',
      `defaults: {${stages}}\nrules:\n- {name: a, effect: allow, ▸extend: 30m}`,
      'rules[0].extend: has no meaning in a rule whose effect is allow',
    ],
    [
      'can be extended where all is denied',
      `defaults: {${stages}}\nrules:\n- {name: a, effect: deny, ▸extend: 30m}`,
      'rules[0].extend: has no meaning in a rule whose effect is deny',
    ],
    ['is extended by nothing', `defaults: {${stages}, extend: ▸0}`, 'defaults.extend: not a duration'],
  ])('because it %s', (_, text, fault) => {
    const [found, ...others] = faultsOf(text.replace('▸', ''))

    expect(others).toEqual([])
    expect(found).toContain(`${placeIn(text)} ${fault}`)
  })

  test.each([
    [
      'one of the stages',
      `defaults: {stages: [{role: ops, approvals: 3}, {role: desk, approvals: 1}], escalation: [{do: require, after: 5m, approvals: 2}]}`,
    ],
    [
      'a rule that inherits it and asks for more anyway',
      `defaults: {${stages}, escalation: [{do: require, after: 5m, approvals: 2}]}\nrules: [{name: a, ${two}}]`,
    ],
    [
      'rules, where the defaults have no stages',
      `defaults: {effect: deny, escalation: [{do: require, after: 5m, approvals: 1}]}`,
    ],
  ])('is not where asking for more means something for %s', (_, text) => {
    expect(faultsOf(text)).toEqual([])
  })
})

function warningsOf(text: string): string[] {
  const parsed = parsePolicy(head + text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.warnings.map(({ line, column, path, detail }) => `${line}:${column} ${path}: ${detail}`)
}

describe('a step after the end of all that climb to it', () => {
  const steps = 'escalation: [{do: remind, after: 10m}, {do: remind, after: 30m}]'

  test('is warned of, in its line', () => {
    expect(warningsOf(`defaults: {${stages}, expires_in: 30m, ${steps}}`)).toEqual([
      '6:125 defaults.escalation[1].after: is never reached: all has ended after 30m',
    ])
  })

  test('is warned of in a rule with a shorter time', () => {
    expect(warningsOf(`defaults: {${stages}}\nrules:\n- {name: a, expires_in: 10m, ${steps}}`)).toEqual([
      '8:63 rules[0].escalation[0].after: is never reached: all has ended after 10m',
      '8:89 rules[0].escalation[1].after: is never reached: all has ended after 10m',
    ])
  })

  test.each([
    ['there is a minute left', `defaults: {${stages}, expires_in: 31m, ${steps}}`],
    ['an approver may add time', `defaults: {${stages}, expires_in: 20m, extend: 11m, ${steps}}`],
    [
      'a rule that inherits it lasts longer',
      `defaults: {${stages}, expires_in: 20m, ${steps}}\nrules: [{name: a, expires_in: 1h}]`,
    ],
    [
      'a rule that inherits it lasts shorter',
      `defaults: {${stages}, ${steps}}\nrules: [{name: a, expires_in: 5m}]`,
    ],
    [
      'nobody is asked by the defaults, and a rule asks',
      `defaults: {effect: deny, ${stages}, ${steps}}\nrules: [{name: a, effect: require_approval}]`,
    ],
  ])('is not warned of where %s', (_, text) => {
    expect(warningsOf(text)).toEqual([])
  })
})

describe('a step that asks a role which is asked from the start', () => {
  const to = (role: string) => `escalation: [{do: escalate, after: 10m, to: ${role}}]`

  test('is warned of, in a rule and in defaults that nobody inherits otherwise', () => {
    expect(
      warningsOf(`defaults: {${stages}}\nrules: [{name: a, stages: [{role: night}], ${to('night')}}]`),
    ).toEqual(['7:88 rules[0].escalation[0].to: changes nothing: night is asked from the start'])
    expect(warningsOf(`defaults: {${stages}, ${to('ops')}}`)).toEqual([
      '6:93 defaults.escalation[0].to: changes nothing: ops is asked from the start',
    ])
  })

  test.each([
    [
      'a rule that inherits it asks another',
      `defaults: {${stages}, ${to('ops')}}\nrules: [{name: a, stages: [{role: night}]}]`,
    ],
    ['one stage of two asks another', `defaults: {stages: [{role: ops}, {role: night}], ${to('ops')}}`],
    ['nobody is asked', `defaults: {effect: deny, ${stages}, ${to('ops')}}\nrules: []`],
  ])('is not warned of where %s', (_, text) => {
    expect(warningsOf(text)).toEqual([])
  })
})
