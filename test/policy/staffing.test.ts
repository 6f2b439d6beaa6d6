import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nextOpening, type Hours } from '../../src/approval/hours.ts'
import { judgePeople, parsePolicy, unasked, type Look } from '../../src/policy/index.ts'

/** A Wednesday in summer: Berlin is two hours ahead. */
const now = new Date('2026-07-01T12:00:00Z')

const known: Look = {
  ...unasked,
  groups: new Map([
    ['S_TWO', ['U_BOB', 'U_EVE']],
    ['S_NONE', []],
  ]),
}

function judged(text: string, look: Look = known, at = now) {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { faults, warnings, notes } = judgePeople(parsed, look, at)
  const said = (found: typeof faults) =>
    found.map(({ line, column, detail }) => `${line}:${column} ${detail}`)
  return { faults: said(faults), warnings: said(warnings), notes: said(notes) }
}

const office = 'hours: {timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}'
const allWeek = 'days: [mon, tue, wed, thu, fri, sat, sun]'

const documentOf = (roles: string, rule: string) => `admins: [U_ALICE]
roles:
${roles}
defaults: {effect: deny}
rules:
  - {name: refunds, effect: require_approval, separation_of_duties: {asker: false, owner: false}, ${rule}}
`
const gapsOf = (roles: string, rule: string, look = known) =>
  judged(documentOf(roles, rule), look).warnings.map((warning) => warning.replace(/^[0-9]+:[0-9]+ /, ''))

describe('the hours at which a rule has nobody to ask', () => {
  const weekdays =
    'Mon 18:00 to Tue 09:00, Tue 18:00 to Wed 09:00, Wed 18:00 to Thu 09:00, Thu 18:00 to Fri 09:00, Fri 18:00 to Mon 09:00'
  const finance = `  finance: {channel: C_F, members: [U_BOB, U_EVE], ${office}}`
  const one = 'stages: [{role: finance}]'

  test('are named as in the role’s own time zone, at the rule', () => {
    const roles = `  finance: {channel: C_F, members: [U_BOB], hours: {timezone: America/New_York, ${allWeek}, from: "09:00", to: "18:00"}}`
    const text = documentOf(roles, one).replace(allWeek, 'days: [mon, tue, wed, thu, fri, sat]')
    expect(judged(text).warnings).toEqual([
      '6:12 refunds: Mon 18:00 to Tue 09:00, Tue 18:00 to Wed 09:00, Wed 18:00 to Thu 09:00, Thu 18:00 to Fri 09:00, Fri 18:00 to Sat 09:00, Sat 18:00 to Mon 09:00, nobody in finance',
    ])
  })

  test.each<[string, string, string, string[]]>([
    ['nights and the weekend', finance, one, [`refunds: ${weekdays}, nobody in finance`]],
    ['none where the role has no hours', '  finance: {channel: C_F, members: [U_BOB]}', one, []],
    [
      'none where the hours are the whole week',
      `  finance: {channel: C_F, members: [U_BOB], hours: {timezone: UTC, ${allWeek}, from: "00:00", to: "00:00"}}`,
      one,
      [],
    ],
    [
      'one, over the weekend',
      `  finance: {channel: C_F, members: [U_BOB], hours: {timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "00:00", to: "00:00"}}`,
      one,
      ['refunds: Sat 00:00 to Mon 00:00, nobody in finance'],
    ],
    [
      'one, each night that goes past midnight',
      `  finance: {channel: C_F, members: [U_BOB], hours: {timezone: Europe/Berlin, ${allWeek}, from: "18:00", to: "10:30"}}`,
      one,
      [
        'refunds: Mon 10:30 to Mon 18:00, Tue 10:30 to Tue 18:00, Wed 10:30 to Wed 18:00, Thu 10:30 to Thu 18:00, Fri 10:30 to Fri 18:00, Sat 10:30 to Sat 18:00, Sun 10:30 to Sun 18:00, nobody in finance',
      ],
    ],
    [
      'only the weekend, where a request outlives the night',
      finance,
      `${one}, expires_in: 16h`,
      ['refunds: Fri 18:00 to Mon 09:00, nobody in finance'],
    ],
    ['none, where it outlives the weekend', finance, `${one}, expires_in: 3d`, []],
    [
      'closed by a step that asks somebody else',
      `${finance}\n  night: {channel: C_N, members: [U_CAROL]}`,
      `${one}, escalation: [{after: 30m, do: escalate, to: night}]`,
      [],
    ],
    [
      'left by a step that comes after the end',
      `${finance}\n  night: {channel: C_N, members: [U_CAROL]}`,
      `${one}, escalation: [{after: 2h, do: escalate, to: night}]`,
      [`refunds: ${weekdays}, nobody in finance`],
    ],
    [
      'left where nobody of either is there',
      `${finance}\n  night: {channel: C_N, members: [U_CAROL], hours: {timezone: Europe/Berlin, ${allWeek}, from: "18:00", to: "09:00"}}`,
      `${one}, escalation: [{after: 30m, do: escalate, to: night}]`,
      ['refunds: Sat 09:00 to Sat 18:00, Sun 09:00 to Sun 18:00, nobody in finance or night'],
    ],
    [
      'of a step that asks for more',
      '  finance: {channel: C_F, members: [U_BOB]}',
      `${one}, escalation: [{after: 30m, do: require, approvals: 2}]`,
      ['refunds: at any hour, only 1 of 2 in finance, as it asks for from 30m on'],
    ],
    [
      'with too few there',
      `${finance}\n  day: {channel: C_N, members: [U_CAROL]}`,
      'stages: [{roles: {any: [finance, day]}, approvals: 2}]',
      [`refunds: ${weekdays}, only 1 of 2 in finance or day`],
    ],
    [
      'where one role of all is missing',
      `${finance}\n  day: {channel: C_N, members: [U_CAROL]}`,
      'stages: [{roles: {all: [finance, day]}}]',
      [`refunds: ${weekdays}, nobody in finance`],
    ],
    [
      'which is filled by a role that may stand in for it',
      `${finance}\n  day: {channel: C_N, members: [U_CAROL]}\n  night: {channel: C_N, members: [U_DAN]}`,
      'stages: [{roles: {all: [finance, day]}}], escalation: [{after: 5m, do: escalate, to: night}]',
      [],
    ],
    [
      'of each stage',
      `${finance}\n  day: {channel: C_N, members: [U_CAROL]}`,
      'stages: [{role: day}, {role: finance}]',
      [`refunds, stage 2: ${weekdays}, nobody in finance`],
    ],
    [
      'with their zone, where there are several',
      `${finance}\n  tokyo: {channel: C_T, members: [U_CAROL], hours: {timezone: Asia/Tokyo, days: [sat], from: "09:00", to: "18:00"}}`,
      'stages: [{role: tokyo}]',
      ['refunds: Sat 18:00 to Sat 09:00 (Asia/Tokyo), nobody in tokyo'],
    ],
    [
      'of a group that has people',
      `  finance: {channel: C_F, members: [S_TWO]}`,
      'stages: [{role: finance, approvals: 2}]',
      [],
    ],
  ])('%s', (_, roles, rule, wanted) => {
    expect(gapsOf(roles, rule)).toEqual(wanted)
  })

  test('move with the clocks, and stay what the clocks show', () => {
    const text = documentOf(finance, one)
    expect(judged(text, known, new Date('2026-01-14T12:00:00Z')).warnings).toEqual(judged(text).warnings)
  })

  test('do not count who can decide nothing', () => {
    const look = { ...known, cannot_vote: new Set(['U_BOB']) }
    const roles = '  finance: {channel: C_F, members: [U_BOB]}'
    expect(gapsOf(roles, one, look)).toEqual(['refunds: at any hour, nobody in finance'])
  })

  test('count a group of which Slack says nothing as enough, at its hours', () => {
    const roles = `  finance: {channel: C_F, members: [S_OTHER], ${office}}`
    expect(gapsOf(roles, 'stages: [{role: finance, approvals: 9}]')).toEqual([
      `refunds: ${weekdays}, nobody in finance`,
    ])
  })

  test('are those of the defaults too', () => {
    const text = `admins: [U_ALICE]\nroles:\n${finance}\ndefaults: {stages: [{role: finance}]}\n`
    expect(judged(text).warnings).toEqual([`4:1 defaults: ${weekdays}, nobody in finance`])
  })

  test('are those that trying every quarter of an hour finds', () => {
    const hours = fc.record({
      timezone: fc.constant('UTC'),
      days: fc.subarray<Hours['days'][number]>(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], {
        minLength: 1,
      }),
      from: fc.constantFrom('00:00', '06:15', '09:00', '17:45', '22:00'),
      to: fc.constantFrom('00:00', '06:15', '09:00', '18:30', '23:00'),
    })
    const anyHours = fc.option(hours, { nil: undefined })
    const asked = fc.record({
      finance: anyHours,
      legal: anyHours,
      ops: anyHours,
      kind: fc.constantFrom('any', 'all'),
      more: fc.integer({ min: 0, max: 2 }),
      lasts: fc.constantFrom(15, 60, 600, 2_880),
      after: fc.option(fc.constantFrom(15, 90, 1_440), { nil: null }),
    })
    fc.assert(
      fc.property(asked, ({ kind, more, lasts, after, ...roles }) => {
        const members = { finance: ['U_BOB', 'U_EVE'], legal: ['U_EVE', 'U_DAN'], ops: ['U_ZOE'] }
        const approvals = (kind === 'all' ? 2 : 1) + more
        const text = JSON.stringify({
          admins: ['U_ALICE'],
          roles: Object.fromEntries(
            Object.entries(members).map(([name, ids]) => [
              name,
              { channel: 'C_X', members: ids, hours: roles[name as keyof typeof roles] },
            ]),
          ),
          defaults: { effect: 'deny' },
          rules: [
            {
              name: 'r',
              effect: 'require_approval',
              expires_in: `${lasts}m`,
              stages: [{ roles: { [kind]: ['finance', 'legal'] }, approvals }],
              escalation: after === null ? [] : [{ after: `${after}m`, do: 'escalate', to: 'ops' }],
            },
          ],
        })
        const parsed = parsePolicy(text)
        if (!parsed.ok) return
        const found = judgePeople(parsed, unasked, now).warnings.map(({ detail }) => detail)
        const quarters = Array.from({ length: 672 }, (_, i) => i * 15)
        const monday = Date.UTC(2026, 5, 29)
        const names = Object.keys(members) as (keyof typeof roles)[]
        const table = new Map(
          names.map((role) => [
            role,
            quarters.map((minute) => {
              const [own, at] = [roles[role], new Date(monday + minute * 60_000)]
              return own === undefined || nextOpening(own, at).getTime() === at.getTime()
            }),
          ]),
        )
        const isOpen = (role: keyof typeof roles, minute: number) =>
          table.get(role)?.[(minute % 10_080) / 15] ?? false
        const counts = (open: (role: keyof typeof roles) => boolean) => {
          const there = names.filter(
            (role) => open(role) && (role !== 'ops' || (after !== null && after < lasts)),
          )
          const people = [...new Set(there.flatMap((role) => members[role]))]
          const holds = (id: string, role: keyof typeof roles) =>
            there.includes(role) && members[role].includes(id)
          const fits = (id: string, role: keyof typeof roles) => holds(id, role) || holds(id, 'ops')
          const pairs = people.some((one) =>
            people.some((other) => one !== other && fits(one, 'finance') && fits(other, 'legal')),
          )
          return people.length >= approvals && (kind === 'any' || pairs)
        }
        const lacks = quarters.map((minute) => !counts((role) => isOpen(role, minute)))
        const unanswered = quarters.map(
          (minute) =>
            !counts((role) =>
              quarters.some((ahead) => {
                const from = role === 'ops' ? (after ?? 0) : 0
                return ahead >= from && ahead < lasts && isOpen(role, minute + ahead)
              }),
            ),
        )
        const inGap = new Set<number>()
        quarters.forEach((_, i) => {
          if (!lacks[i] || !unanswered[i]) return
          for (const way of [1, 671])
            for (let at = i, n = 0; lacks[at] && n < 672; at = (at + way) % 672, n++) inGap.add(at)
        })
        expect(minutesNamed(found)).toEqual([...inGap].map((i) => i * 15).sort((a, b) => a - b))
      }),
      { numRuns: 60 },
    )
  })
})

/** The quarters of an hour in the spans that warnings name. */
function minutesNamed(warnings: string[]): number[] {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  const minute = (day = '', time = '') =>
    days.indexOf(day) * 1_440 + Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const named = new Set<number>()
  for (const warning of warnings) {
    const spans = [...warning.matchAll(/(\w{3}) (\d\d:\d\d) to (\w{3}) (\d\d:\d\d)/g)]
    const each = warning.includes('at any hour')
      ? [{ from: 0, to: 10_080 }]
      : spans.map(([, day, time, endDay, endTime]) => {
          const from = minute(day, time)
          const to = minute(endDay, endTime)
          return { from, to: to > from ? to : to + 10_080 }
        })
    for (const { from, to } of each) for (let at = from; at < to; at += 15) named.add(at % 10_080)
  }
  return [...named].sort((a, b) => a - b)
}

describe('a plan that nobody can ever meet', () => {
  test.each<[string, string, string, string[]]>([
    [
      'asks for more than are in its user groups',
      '  finance: {channel: C_F, members: [S_TWO, U_BOB]}',
      'stages: [{role: finance, approvals: 3}]',
      ['6:135 asks for 3 where finance has 2'],
    ],
    [
      'asks an empty group',
      '  finance: {channel: C_F, members: [S_NONE]}',
      'stages: [{role: finance}]',
      ['6:108 asks for 1 where finance has 0'],
    ],
    [
      'asks more different people than there are over its stages',
      '  finance: {channel: C_F, members: [S_TWO]}',
      'stages: [{role: finance, approvals: 2}, {role: finance}]',
      ['6:139 asks for 1, with the stages before it 3 different people, where finance has 2'],
    ],
    [
      'asks one of each of two groups with the same one person',
      '  finance: {channel: C_F, members: [U_BOB]}\n  legal: {channel: C_L, members: [U_BOB, S_NONE]}',
      'stages: [{roles: {all: [finance, legal]}}]',
      ['7:108 asks for 2 where finance and legal have 1'],
    ],
    [
      'is met by a step of its ladder after all',
      '  finance: {channel: C_F, members: [S_NONE]}\n  legal: {channel: C_L, members: [U_BOB]}',
      'stages: [{role: finance}], escalation: [{after: 2h, do: escalate, to: legal}]',
      [],
    ],
    [
      'may have enough in a group that is not known',
      '  finance: {channel: C_F, members: [S_OTHER]}',
      'stages: [{role: finance, approvals: 9}]',
      [],
    ],
  ])('%s', (_, roles, rule, wanted) => {
    expect(judged(documentOf(roles, rule)).faults).toEqual(wanted)
  })

  test('is known without asking anybody where it lists people only', () => {
    const text = documentOf(
      '  finance: {channel: C_F, members: [U_BOB]}',
      'stages: [{role: finance, approvals: 2}]',
    )
    expect(parsePolicy(text)).toMatchObject({
      ok: false,
      faults: [{ detail: 'asks for 2 where finance has 1' }],
    })
  })
})

describe('what Slack says of a document', () => {
  test('is told at the place that names it', () => {
    const look: Look = {
      ...known,
      troubles: new Map([
        ['U_GONE', 'Gil Gone (U_GONE) is deactivated'],
        ['S_OTHER', 'there is no user group S_OTHER'],
        ['C_F', 'the bot is not in #finance (C_F)'],
      ]),
      silent: 'Slack did not answer in time (U_BOB)',
    }
    const text = `admins: [U_ALICE, U_GONE]
break_glass: [U_GONE]
roles:
  finance: {channel: C_F, members: [U_BOB, S_OTHER, U_GONE]}
defaults: {effect: deny}
`
    expect(judged(text, look).warnings).toEqual([
      '1:1 whether its people, user groups and channels are there is not known: Slack did not answer in time (U_BOB)',
      '1:19 Gil Gone (U_GONE) is deactivated',
      '2:15 Gil Gone (U_GONE) is deactivated',
      '4:22 the bot is not in #finance (C_F)',
      '4:44 there is no user group S_OTHER',
      '4:53 Gil Gone (U_GONE) is deactivated',
    ])
  })
})

describe('what separation of duties may take', () => {
  const roles = '  finance: {channel: C_F, members: [U_BOB, U_EVE]}'
  const notes = (rule: string) =>
    judged(
      documentOf(roles, rule).replace('separation_of_duties: {asker: false, owner: false}, ', ''),
    ).notes.map((note) => note.replace(/^[0-9]+:[0-9]+ /, ''))

  test.each<[string, string[]]>([
    [
      'stages: [{role: finance, approvals: 2}]',
      ['refunds: where the agent’s owner or who asked is among them, it asks for 2 where finance has 1'],
    ],
    [
      'stages: [{role: finance}]',
      ['refunds: where the agent’s owner and who asked are among them, it asks for 1 where finance has 0'],
    ],
    ['stages: [{role: finance}], separation_of_duties: {asker: false}', []],
    [
      'stages: [{role: finance, approvals: 2}], separation_of_duties: {owner: false}',
      ['refunds: where who asked is among them, it asks for 2 where finance has 1'],
    ],
    ['stages: [{role: finance, approvals: 2}], separation_of_duties: false', []],
  ])('%s', (rule, wanted) => {
    expect(notes(rule)).toEqual(wanted)
  })
})
