import { describe, expect, test } from '@jest/globals'
import { parsePolicy } from '../../src/policy/index.ts'

/** The contract's own example, with what it may say besides. */
const contractExample = `
admins: [U_ALICE]
roles:
  finance:   {channel: C_FINANCE, members: [U_ALICE, U_BOB, S_FINANCE],
              mention: none}
  platform:  {channel: C_PLATFORM, members: [U_CAROL],
              hours: {timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}}
defaults:
  effect: require_approval
  stages: [{role: platform, approvals: 1}]
  expires_in: 1h
  valid_for: 1h
  on_timeout: expire
  separation_of_duties: true
  escalation: [{after: 10m, do: remind, every: 5m, at_most: 3}, {after: 30m, do: escalate, to: platform}]
rules:
  - name: no-table-drops
    when: action.tool == "sql.execute" && action.arguments.query.matches("(?i)drop table")
    effect: deny
    reason: Schema changes go through migrations
  - name: reads
    when: action.tool.startsWith("read.")
    effect: allow
  - name: refunds-over-100
    when: action.tool == "stripe.refund" && action.arguments.amount > 100.0
    stages: [{role: finance, approvals: 2}]
    separation_of_duties: {owner: false}
    allowed_decisions: [approve, edit, reject]
`

function faultsOf(text: string): string[] {
  const parsed = parsePolicy(text)
  return parsed.ok
    ? []
    : parsed.faults.map(({ line, column, path, detail }) => `${line}:${column} ${path}: ${detail}`)
}

describe('a document that is whole', () => {
  test("is the contract's example, kept as it was written", () => {
    const parsed = parsePolicy(contractExample)
    expect(parsed).toMatchObject({
      ok: true,
      document: {
        admins: ['U_ALICE'],
        roles: { platform: { hours: { timezone: 'Europe/Berlin' } } },
        defaults: { expires_in: '1h', escalation: [{ do: 'remind', every: '5m' }, { to: 'platform' }] },
        rules: [{ name: 'no-table-drops' }, { name: 'reads' }, { separation_of_duties: { owner: false } }],
      },
    })
  })

  test('says of an edit of nothing that nothing can be edited', () => {
    const parsed = parsePolicy(contractExample)
    expect(parsed.ok && parsed.warnings.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '28 rules[2].allowed_decisions[1]',
    ])
  })

  test('may be JSON', () => {
    const parsed = parsePolicy('{"admins":["U_ALICE"],\n\t"defaults":{"effect":"deny"},"rules":[]}')
    expect(parsed.ok).toBe(true)
  })

  test('may use an anchor, and a fault in it is shown where it is written', () => {
    const text = `admins: [U_ALICE]
roles: {ops: {channel: C_OPS, members: [U_BOB]}}
defaults: {stages: &one [{role: ops, approvals: 1}]}
rules:
  - {name: a, stages: *one}
`
    expect(parsePolicy(text).ok).toBe(true)
    expect(faultsOf(text.replace('role: ops', 'role: opps'))).toEqual([
      '3:33 defaults.stages[0].role: there is no role "opps" (did you mean "ops"?)',
      '3:33 rules[0].stages[0].role: there is no role "opps" (did you mean "ops"?)',
    ])
  })
})

/** Each line replaces `HERE` or stands in its place; the fault must name that line and column. */
const head = `admins: [U_ALICE]
roles:
  ops: {channel: C_OPS, members: [U_ALICE, U_BOB]}
  desk: {channel: C_DESK, members: [U_ALICE, S_DESK]}
defaults: {stages: [{role: ops, approvals: 1}]}
rules:
`

describe('a rule that is wrong', () => {
  test.each([
    ['- {name: a, efect: allow}', '7:13', 'unknown field "efect" (did you mean "effect"?)'],
    ['- {name: a, constructor: 1}', '7:13', 'unknown field "constructor"'],
    ['- {name: a, __proto__: {effect: allow}}', '7:13', 'unknown field "__proto__"'],
    ['- {name: a, effect: alow}', '7:21', 'is one of allow, deny, require_approval (did you mean "allow"?)'],
    ['- {effect: allow}', '7:3', 'is required'],
    ['- {name: a b}', '7:10', 'a name is 1 to 64 letters'],
    ['- {name: 7}', '7:10', 'expected text, not a number'],
    ['- just text', '7:3', 'expected a map, not text'],
    ['- {name: a, when: true}', '7:19', 'expected text, not true or false'],
    ['- {name: a, expires_in: 5 minutes}', '7:25', 'not a duration'],
    ['- {name: a, escalation: [{do: remind}]}', '7:26', 'is required'],
    ['- {name: a, stages: [{role: ops, approvals: 1.5}]}', '7:45', 'expected a whole number, not a fraction'],
    ['- {name: a, editable: [""], allowed_decisions: [edit]}', '7:24', 'must not be empty'],
    ['- {name: a, expires_in: 0}', '7:25', 'not a duration'],
    ['- {name: a, valid_for: 400d}', '7:24', 'not a duration'],
    ['- {name: a, reason: "a\\0b"}', '7:21', 'has control characters in it'],
    ['- {name: a, reason: "\\ud800"}', '7:21', 'has control characters in it'],
    ['- {name: a, on_timeout: approve}', '7:25', 'nothing is ever approved by silence'],
    ['- {name: a, stages: []}', '7:21', 'leave stages out to inherit them'],
    [
      '- {name: a, effect: allow, require_reason: true}',
      '7:28',
      'has no meaning in a rule whose effect is allow',
    ],
    [
      '- {name: a, effect: deny, require_on_behalf_of: true}',
      '7:27',
      'has no meaning in a rule whose effect is deny',
    ],
    ['- {name: a, reject_reasons: [{retry: never}]}', '7:30', 'is required'],
    ['- {name: a, reject_reasons: [{reason: " "}]}', '7:39', 'says nothing'],
    [`- {name: a, reject_reasons: [{reason: ${'x'.repeat(76)}}]}`, '7:39', 'is at most 75 characters long'],
    ['- {name: a, reject_reasons: [{reason: no, retry: later}]}', '7:50', 'is one of never, after_change'],
    ['- {name: a, reject_reasons: [{reason: no}, {reason: no}]}', '7:53', '"no" is listed twice'],
    [
      '- {name: a, effect: deny, reject_reasons: [{reason: no}]}',
      '7:27',
      'has no meaning in a rule whose effect is deny',
    ],
    ['- {name: a, require_reason: "yes"}', '7:29', 'expected true or false'],
    ['- {name: a, stages: [{approvals: 1}]}', '7:22', 'says whom it asks: write role: NAME, or roles:'],
    ['- {name: a, stages: [{role: ops, roles: {any: [ops, desk]}}]}', '7:22', 'says whom it asks'],
    ['- {name: a, stages: [{roles: [ops, desk]}]}', '7:30', 'expected a map, not a list'],
    ['- {name: a, stages: [{roles: {any: [ops]}}]}', '7:36', 'one role is written role: NAME'],
    ['- {name: a, stages: [{roles: {al: [ops, desk]}}]}', '7:31', 'unknown field "al" (did you mean "all"?)'],
    ['- {name: a, stages: [{roles: {any: [ops, ops]}}]}', '7:42', '"ops" is listed twice'],
    ['- {name: a, stages: [{roles: {all: [ops, dsk]}}]}', '7:42', 'no role "dsk" (did you mean "desk"?)'],
    [
      '- {name: a, stages: [{roles: {all: [ops, desk]}, approvals: 1}]}',
      '7:61',
      'is at least 2, one for each',
    ],
    ['- {name: a, stages: [{role: ops, approvals: 0}]}', '7:45', 'is at least 1'],
    ['- {name: a, stages: [{role: ops, approvals: 1.5}]}', '7:45', 'expected a whole number'],
    [
      '- {name: a, stages: [{role: opps, approvals: 1}]}',
      '7:29',
      'there is no role "opps" (did you mean "ops"?)',
    ],
    ['- {name: a, stages: [{role: toString, approvals: 1}]}', '7:29', 'there is no role "toString"'],
    ['- {name: a, stages: [{role: ops, approvals: 3}]}', '7:45', 'asks for 3 where ops has 2'],
    [
      '- {name: a, stages: [{role: ops, approvals: 2}, {role: ops, approvals: 1}]}',
      '7:72',
      'asks for 1, with the stages before it 3 different people, where ops has 2',
    ],
    [
      '- {name: a, effect: allow, stages: [{role: ops, approvals: 1}]}',
      '7:28',
      'no meaning in a rule whose effect is allow',
    ],
    ['- {name: a, effect: deny, valid_for: 1h}', '7:27', 'no meaning in a rule whose effect is deny'],
    ['- {name: a, allowed_decisions: [reject]}', '7:32', 'nothing could ever be approved'],
    ['- {name: a, editable: amount}', '7:23', 'expected a list'],
    ['- {name: a, editable: [amount, note, amount]}', '7:38', 'is listed twice'],
    ['- {name: a, editable: [__proto__]}', '7:24', 'not the name of an argument'],
    ['- {name: a, editable: ["a\\u0000"]}', '7:24', 'not the name of an argument'],
    ['- {name: a, effect: allow, editable: [amount]}', '7:28', 'no meaning in a rule whose effect is allow'],
    [
      '- {name: a, separation_of_duties: sometimes}',
      '7:35',
      'write true, false, or any of {asker, owner, repeat}',
    ],
    [
      '- {name: a, separation_of_duties: {ower: false}}',
      '7:36',
      'unknown field "ower" (did you mean "owner"?)',
    ],
    ['- {name: a, escalation: [{do: escalate, after: 5m, to: opps}]}', '7:56', 'there is no role "opps"'],
    [
      '- {name: a, escalation: [{do: nag, after: 5m}]}',
      '7:31',
      'is one of remind, mention, escalate, require',
    ],
    [
      '- {name: a, escalation: [{do: remind, after: 5m, at_most: 3}]}',
      '7:59',
      'limits `every`, which is not there',
    ],
  ])('%s', (rule, place, detail) => {
    const [fault, ...others] = faultsOf(`${head}${rule}\n`)
    expect(others).toEqual([])
    expect(fault?.split(' ')[0]).toBe(place)
    expect(fault).toContain(detail)
  })

  test('two stages may ask one role for the same people where repeats are let off', () => {
    const stages = 'stages: [{role: ops, approvals: 2}, {role: ops, approvals: 1}]'
    expect(faultsOf(`${head}- {name: a, ${stages}, separation_of_duties: {repeat: false}}`)).toEqual([])
  })

  test('a role with a user group may have any number of members', () => {
    expect(faultsOf(`${head}- {name: a, stages: [{role: desk, approvals: 5}]}`)).toEqual([])
  })

  test('a name that two rules bear is shown at the later one', () => {
    expect(faultsOf(`${head}- {name: a}\n- {name: b}\n- {name: a}`)).toEqual([
      '9:10 rules[2].name: "a" is the name of an earlier rule too; names are unique',
    ])
  })
})

describe('a document that is wrong elsewhere', () => {
  test.each([
    ['', '1:1', 'the document is empty'],
    ['# only a comment', '1:1', 'the document is empty'],
    ['just text', '1:1', 'expected a map, not text'],
    ['defaults: {effect: deny}', '1:1', 'is required'],
    ['admins: []\ndefaults: {effect: deny}', '1:9', 'a policy needs at least one admin'],
    ['admins: [alice]\ndefaults: {effect: deny}', '1:10', 'not a Slack user id'],
    ['admins: [U_ALICE, U_ALICE]\ndefaults: {effect: deny}', '1:19', '"U_ALICE" is listed twice'],
    ['admins: [U_ALICE]', '1:1', 'approval is required where no rule matches, and no stages say by whom'],
    ['admins: [U_ALICE]\nadmins: [U_BOB]', '2:1', 'stands in this map already'],
    ['admins: [U_ALICE]\n---\nadmins: [U_BOB]', '2:1', 'a second document starts here'],
    ['admins: [U_ALICE', '1:17', 'not YAML: flow sequence'],
    ['admins: !!js/function x', '1:9', 'tag'],
    [`admins: [U_ALICE]\nx: &a [1]\ny: [${'*a, '.repeat(150)}]`, '1:1', 'more than 100 aliases'],
    ['admins: [U_ALICE]\nrules: [{name: a, reason: *why}]', '2:27', 'there is no anchor &why above this'],
    ['admins: [U_ALICE]\n? [a, b]\n: 1', '2:3', 'a key is one text'],
    [`admins: "${'x'.repeat(262_144)}"`, '1:1', 'larger than 256 KiB'],
    ['['.repeat(100_000), '1:1', 'nested too deeply'],
    ['- '.repeat(100_000), '1:1', 'nested too deeply'],
  ])('%.40s', (text, place, detail) => {
    const [fault] = faultsOf(text)
    expect(fault?.split(' ')[0]).toBe(place)
    expect(fault).toContain(detail)
  })

  test.each([
    ['{channel: ops, members: [U_BOB]}', '2:24', 'not a Slack channel id'],
    ['{channel: C_OPS, members: []}', '2:40', 'a role needs at least one member'],
    ['{channel: C_OPS, members: [bob]}', '2:41', 'not a Slack user (U012AB3CD) or user group (S012AB3CD) id'],
    ['{channel: C_OPS, members: [U_BOB, U_BOB]}', '2:48', '"U_BOB" is listed twice'],
    ['{channel: C_OPS, members: [U_BOB], mention: group}', '2:58', 'there is no user group in this role'],
    ['{channel: C_OPS, members: [U_BOB], mention: everyone}', '2:58', 'is one of none, group, members, here'],
    [
      '{channel: C_OPS, members: [U_BOB], hours: {timezone: Mars/Base, days: [mon], from: "09:00", to: "18:00"}}',
      '2:67',
      'not a time zone',
    ],
    [
      '{channel: C_OPS, members: [U_BOB], hours: {timezone: UTC, days: [mo], from: "09:00", to: "18:00"}}',
      '2:79',
      '(did you mean "mon"?)',
    ],
    [
      '{channel: C_OPS, members: [U_BOB], hours: {timezone: UTC, days: [mon], from: "9:00", to: "18:00"}}',
      '2:91',
      'not a time of day',
    ],
  ])('a role of %s', (role, place, detail) => {
    const [fault, ...others] = faultsOf(`admins: [U_ALICE]\nroles: {ops: ${role}}\ndefaults: {effect: deny}`)
    expect(others).toEqual([])
    expect(fault?.split(' ')[0]).toBe(place)
    expect(fault).toContain(detail)
  })

  test.each([
    ['{keys: iban}', '2:17', 'expected a list, not text'],
    ['{key: [iban]}', '2:11', 'unknown field "key" (did you mean "keys"?)'],
    ["{patterns: ['KD-[0-9']}", '2:22', 'not an RE2 pattern: missing closing ]'],
    ["{patterns: ['(?=x)']}", '2:22', 'not an RE2 pattern'],
    ["{patterns: ['[a-z]*']}", '2:22', 'matches the empty text, and would hide everything'],
    ["{patterns: ['(a{50}){20}']}", '2:22', 'the pattern is too large'],
  ])('secrets of %s', (secrets, place, detail) => {
    const [fault, ...others] = faultsOf(`admins: [U_ALICE]\nsecrets: ${secrets}\ndefaults: {effect: deny}`)
    expect(others).toEqual([])
    expect(fault?.split(' ')[0]).toBe(place)
    expect(fault).toContain(detail)
  })

  test('what a reader guesses once it has lost its way is not told', () => {
    const text = 'admins: [U_ALICE]\nadmins: [U_BOB]\nrules: [{name: a, when: now["x"] > 3}, {name: b}]'
    expect(faultsOf(text)).toEqual([
      '2:1 : stands in this map already',
      expect.stringMatching(/^3:28 : not YAML/),
    ])
  })

  test('every fault is told at once, in the order of the text', () => {
    const places = faultsOf(`admins: [alice]
roles:
  ops: {channel: ops, members: [U_BOB]}
defaults: {efect: allow, stages: [{role: desk, approvals: 1}]}
rules:
  - name: a
    when: action.tol == "x"
    effect: alow
  - {name: a, expires_in: soon}
`).map((fault) => fault.split(': ')[0])
    expect(places).toEqual([
      '1:10 admins[0]',
      '3:18 roles.ops.channel',
      '4:12 defaults.efect',
      '4:42 defaults.stages[0].role',
      '7:17 rules[0].when',
      '8:13 rules[0].effect',
      '9:12 rules[1].name',
      '9:27 rules[1].expires_in',
    ])
  })
})
