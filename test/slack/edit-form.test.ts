import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Approval, Json, JsonObject } from '../../src/approval/approval.ts'
import { difference } from '../../src/approval/difference.ts'
import { findMasks } from '../../src/approval/masks.ts'
import { builtInSecrets } from '../../src/approval/secrets.ts'
import { argumentFaults, withWanted } from '../../src/flow/edited-arguments.ts'
import { incomplete } from '../../src/sandbox/blocks/complete.ts'
import { stateValues } from '../../src/sandbox/blocks/state.ts'
import type { SlackObject, ViewValues } from '../../src/sandbox/protocol.ts'
import { parseView } from '../../src/sandbox/web-api/views.ts'
import { editView } from '../../src/slack/views/edit/edit-modal.ts'
import { faultsInPlace, readEditForm } from '../../src/slack/views/edit/filled.ts'
import { opened } from '../approval/given.ts'

const ticket = { approval_id: `apr_${'0'.repeat(26)}`, stage: 0, revision: 1, seen: null }

function asking(
  given: JsonObject,
  schema: JsonObject | null,
  editable: string[] = Object.keys(given),
): Approval {
  const plan = { allowed_decisions: ['approve' as const, 'edit' as const, 'reject' as const], editable }
  const action = { tool: 'mail.send', arguments: given, summary: null, justification: null }
  return opened(plan, { action, arguments_schema: schema })
}

function blocksOf(approval: Approval): SlackObject[] {
  const view = editView(approval, ticket)
  if (typeof view === 'string') throw new Error(view)
  return view.blocks as unknown as SlackObject[]
}

/** What comes back of a form into which only this was entered. */
function enter(approval: Approval, given: ViewValues = {}) {
  return readEditForm(approval, stateValues(blocksOf(approval), given))
}

/** The arguments as they would become. */
function becomes(approval: Approval, given: ViewValues = {}): JsonObject {
  const filled = enter(approval, given)
  if ('errors' in filled) throw new Error(JSON.stringify(filled.errors))
  return withWanted(approval.action.arguments, filled.wanted)
}

const input = (field: object) => ({ argument_0: { entered: { type: 'any', ...field } } })
const option = (value: string) => ({ selected_option: { value } })

/** The input that one argument gets. */
function inputOf(value: Json | undefined, schema: JsonObject, root: JsonObject = {}) {
  const given = value === undefined ? {} : { it: value }
  const approval = asking(given, { properties: { it: schema }, ...root }, ['it'])
  return { approval, block: blocksOf(approval)[2] as SlackObject & { element: SlackObject } }
}

describe('an argument is asked for by', () => {
  const named = { $defs: { city: { enum: ['Bonn', 'Köln'] } } }
  test.each<[string, Json | undefined, JsonObject, string, ViewValues, Json | undefined, JsonObject?]>([
    ['a line of text', 'a', { type: 'string' }, 'plain_text_input', input({ value: 'b <&> c' }), 'b <&> c'],
    ['lines of text', 'a\nb', { type: 'string' }, 'plain_text_input', input({ value: 'a\nc' }), 'a\nc'],
    [
      'text that was not there',
      undefined,
      { type: 'string' },
      'plain_text_input',
      input({ value: 'new' }),
      'new',
    ],
    [
      'text that may be left out',
      'a',
      { type: 'string' },
      'plain_text_input',
      input({ value: null }),
      undefined,
    ],
    ['a whole number', 3, { type: 'integer' }, 'number_input', input({ value: '4' }), 4],
    ['a number', 2.5, { type: 'number' }, 'number_input', input({ value: '0.1' }), 0.1],
    [
      'a number that Slack’s input cannot write',
      1e21,
      { type: 'number' },
      'plain_text_input',
      input({ value: '1e22' }),
      1e22,
    ],
    ['yes or no', true, { type: 'boolean' }, 'radio_buttons', input(option('1')), false],
    ['few values', 'b', { enum: ['a', 'b', 7, null] }, 'radio_buttons', input(option('2')), 7],
    ['many values', 1, { enum: [1, 2, 3, 4, 5, 6] }, 'static_select', input(option('5')), 6],
    [
      'values by reference',
      'Bonn',
      { $ref: '#/$defs/city' },
      'radio_buttons',
      input(option('1')),
      'Köln',
      named,
    ],
    [
      'a value that is none of those',
      'c',
      { enum: ['a', 'b'] },
      'plain_text_input',
      input({ value: '"a"' }),
      'a',
    ],
    [
      'values too long for a menu',
      'x'.repeat(80),
      { enum: ['x'.repeat(80), 'y'] },
      'plain_text_input',
      input({ value: '"y"' }),
      'y',
    ],
    [
      'some of a few values',
      ['c', 'a'],
      { type: 'array', items: { enum: ['a', 'b', 'c'] } },
      'multi_static_select',
      input({ selected_options: [{ value: '0' }, { value: '1' }, { value: '2' }] }),
      ['c', 'a', 'b'],
    ],
    [
      'the same value twice',
      ['a', 'a'],
      { type: 'array', items: { enum: ['a', 'b'] } },
      'plain_text_input',
      input({ value: '["b"]' }),
      ['b'],
    ],
    [
      'a list of texts',
      ['a', 'b'],
      { type: 'array', items: { type: 'string' } },
      'plain_text_input',
      input({ value: 'a\n\n c ' }),
      ['a', 'c'],
    ],
    [
      'a list of more than texts',
      ['a', 1],
      { type: 'array', items: { type: 'string' } },
      'plain_text_input',
      input({ value: '["a"]' }),
      ['a'],
    ],
    [
      'a day',
      '2026-11-22',
      { type: 'string', format: 'date' },
      'datepicker',
      input({ selected_date: '2026-12-01' }),
      '2026-12-01',
    ],
    [
      'a day that is none',
      'soon',
      { type: 'string', format: 'date' },
      'plain_text_input',
      input({ value: 'later' }),
      'later',
    ],
    [
      'a moment',
      '2026-11-22T10:00:00+01:00',
      { type: 'string', format: 'date-time' },
      'datetimepicker',
      input({ selected_date_time: 1_795_341_600 }),
      '2026-11-22T10:00:00Z',
    ],
    [
      'the same moment',
      '2026-11-22T10:00:00.25+01:00',
      { type: 'string', format: 'date-time' },
      'datetimepicker',
      {},
      '2026-11-22T10:00:00.25+01:00',
    ],
    [
      'an object',
      { a: 1 },
      { type: 'object' },
      'plain_text_input',
      input({ value: '{"a": [2]}' }),
      { a: [2] },
    ],
    [
      'one of several types',
      1,
      { type: ['string', 'number'] },
      'plain_text_input',
      input({ value: '"1"' }),
      '1',
    ],
    ['text or null', null, { type: ['string', 'null'] }, 'plain_text_input', input({ value: 'a' }), 'a'],
    [
      'text or null, emptied',
      'a',
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      'plain_text_input',
      input({ value: null }),
      null,
    ],
    ['null, untouched', null, { oneOf: [{ type: 'integer' }, { type: 'null' }] }, 'number_input', {}, null],
    ['text that cannot all be seen', 'a\u202Eb', { type: 'string' }, 'plain_text_input', {}, 'a\u202Eb'],
    [
      'text that Slack would draw',
      'well done 👍',
      { type: 'string' },
      'plain_text_input',
      {},
      'well done 👍',
    ],
    ['text with blanks around it', ' a ', { type: 'string' }, 'plain_text_input', {}, ' a '],
    [
      'a reference in a circle',
      'a',
      { $ref: '#/properties/it' },
      'plain_text_input',
      input({ value: '"b"' }),
      'b',
    ],
  ])('%s', (...[, value, schema, type, given, expected, root]) => {
    const { approval, block } = inputOf(value, schema, root)
    expect(block.element.type).toBe(type)
    expect(parseView(editView(approval, ticket), 'modal', [])).toMatchObject({ ok: true })
    expect(becomes(approval, given)).toEqual(expected === undefined ? {} : { it: expected })
  })

  test('what is not seen stands in JSON as an escape', () => {
    const { block } = inputOf('a\u202Eb 👍\n', { type: 'string' })
    expect(block.element['initial_value']).toBe('"a\\u202eb \\ud83d\\udc4d\\n"')
  })

  test('what must be there may not be emptied, but for texts and lists', () => {
    const cases: [Json, JsonObject, unknown][] = [
      ['a', { type: 'string' }, { it: '' }],
      [['a'], { type: 'array', items: { type: 'string' } }, { it: [] }],
      [{ a: 1 }, { type: 'object' }, { argument_0: 'This is needed' }],
    ]
    for (const [value, schema, expected] of cases) {
      const { approval } = inputOf(value, schema, { required: ['it'] })
      const filled = enter(approval, input({ value: null }))
      expect('errors' in filled ? filled.errors : withWanted({ it: value }, filled.wanted)).toEqual(expected)
    }
  })

  test('bounds of a number, unless it is beyond them already', () => {
    const bounded = { type: 'integer', exclusiveMinimum: 0, maximum: 10 }
    expect(inputOf(3, bounded).block.element).toMatchObject({ min_value: '1', max_value: '10' })
    expect(inputOf(30, bounded).block.element).not.toHaveProperty('max_value')
  })

  test('its title and description, which are the agent’s words and cannot format themselves', () => {
    const { block } = inputOf('a', { type: 'string', title: '*To*\u202E', description: '<!here> whom' })
    expect(block).toMatchObject({
      label: { type: 'plain_text', text: '*To*⟨U+202E⟩ (it)', emoji: false },
      hint: { type: 'plain_text', text: '<!here> whom Empty, it is left out.' },
    })
  })
})

describe('a form', () => {
  test('has what the rule lists and the request has or its schema knows, and nothing else', () => {
    const schema = {
      properties: { to: { type: 'string' }, cc: { type: 'string' }, text: { type: 'string' } },
    }
    const approval = asking({ to: 'a', text: 'b', more: 1 }, schema, ['to', 'cc', 'more', 'toString'])
    const labels = blocksOf(approval).map((block) => (block['label'] as { text: string } | undefined)?.text)
    expect(labels).toEqual([undefined, undefined, 'to', 'cc', 'more', 'Why?'])
  })

  test('leaves out what is too long for an input, says so, and leaves it as it is', () => {
    const given = { to: 'a', text: 'x'.repeat(3_000) }
    const schema = { properties: { to: { type: 'string' }, text: { type: 'string' } } }
    const approval = asking(given, schema)
    expect(JSON.stringify(blocksOf(approval))).toContain('left as it is: text')
    expect(becomes(approval, input({ value: 'b' }))).toEqual({ ...given, to: 'b' })
    expect(editView(asking({ text: given.text }, schema), ticket)).toMatch(/\(text\) is too long for a form/)
  })

  test('without a schema is JSON, in pieces where it is too long for one input', () => {
    const given = { to: 'a', cc: 'x'.repeat(1_500), text: 'y'.repeat(1_500) }
    const approval = asking(given, null)
    expect(blocksOf(approval)).toHaveLength(6)
    expect(becomes(approval, input({ value: '"b"' }))).toEqual({ ...given, to: 'b' })
  })

  test('of which the request has nothing is refused in words', () => {
    expect(editView(asking({ to: 'a' }, { properties: { to: {} } }, ['cc']), ticket)).toMatch(
      /nothing of that/,
    )
  })

  test('of as much as may be is one that Slack takes', () => {
    const given = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key-${i}`, '画'.repeat(2_800)]))
    const properties = Object.fromEntries(Object.keys(given).map((key) => [key, { type: 'string' }]))
    const approval = asking(given, { properties })
    expect(parseView(editView(approval, ticket), 'modal', [])).toMatchObject({ ok: true })
    expect(becomes(approval)).toEqual(given)
  })

  test('shows faults where they are: under their argument, or under the first', () => {
    const approval = asking({ to: 'a', 'a/b': {} }, { properties: { to: {}, 'a/b': {} } }, ['to', 'a/b'])
    const faults = [
      { pointer: '/a~1b/c', detail: 'must be string' },
      { pointer: '/other', detail: 'must be number' },
      { pointer: '', detail: 'must NOT have fewer than 3 properties' },
    ]
    expect(faultsInPlace(approval, faults)).toEqual({
      argument_0: '/other: must be number\nmust NOT have fewer than 3 properties',
      argument_1: '/c: must be string',
    })
  })
})

describe('what is hidden', () => {
  const given = { user: 'ada', password: 'hunter-22', note: 'n' }
  const hiding = (schema: JsonObject | null): Approval => {
    const approval = asking(given, schema)
    const masked = findMasks(approval, builtInSecrets)
    return { ...approval, plan: { ...approval.plan, masked } }
  }
  const schema = {
    properties: {
      user: { type: 'string', description: 'password=hunter-23', default: 'x' },
      password: { type: 'string', default: 'hunter-24' },
      note: { type: 'string', title: 'Note' },
    },
  }

  test.each<[string, JsonObject | null]>([
    ['made from the schema', schema],
    ['of JSON', null],
  ])('is in no form %s, and stays as it was', (_name, described) => {
    const approval = hiding(described)
    expect(JSON.stringify(blocksOf(approval))).not.toMatch(/hunter|password|hidden/)
    expect(becomes(approval)).toEqual(given)
  })

  test('is not overwritten by who names it in JSON', async () => {
    const approval = hiding(null)
    const filled = enter(approval, input({ value: '{"user": "eve", "password": "⟨hidden⟩"}' }))
    if ('errors' in filled) throw new Error(JSON.stringify(filled.errors))
    const edited = withWanted(given, filled.wanted)
    expect(await argumentFaults(approval, edited, filled.wanted)).toEqual([
      { pointer: '/password', detail: 'cannot be changed here; what can is user, note' },
    ])
  })

  test('is not told by what the schema says of a wrong value', async () => {
    const secret = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')
    const approval = asking({ user: 'ada' }, { properties: { user: { enum: ['ada', secret] } } })
    const masked = findMasks(approval, builtInSecrets)
    const wanted = { set: { user: 'eve' }, remove: [] }
    const hidingEnum = { ...approval, plan: { ...approval.plan, masked } }
    expect(await argumentFaults(hidingEnum, { user: 'eve' }, wanted)).toEqual([
      { pointer: '/user', detail: 'is not what the agent’s schema allows' },
    ])
    expect(JSON.stringify(blocksOf(hidingEnum))).not.toContain(secret)
  })
})

describe('whatever an agent sends', () => {
  const keys = ['a', 'b', 'c', 'constructor']
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      '',
      ' ',
      'a\nb',
      '\t',
      '\u200B',
      '😀',
      '2026-11-22',
      '2026-11-22T10:00:00Z',
      'x'.repeat(2_900),
    ),
  )
  const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
  const values = fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, { maxLength: 4 }),
    json,
  ) as fc.Arbitrary<Json>
  const plainSchema = fc.record(
    {
      type: fc.constantFrom(
        'string',
        'integer',
        'number',
        'boolean',
        'array',
        'object',
        'null',
        'nonsense',
        ['string', 'null'],
        ['null', 'null'],
      ),
      enum: fc.array(values, { maxLength: 6 }),
      const: values,
      format: fc.constantFrom('date', 'date-time', 'email'),
      title: values,
      description: values,
      minimum: values,
      maximum: values,
      exclusiveMinimum: values,
      items: fc.oneof(
        fc.constant({ type: 'string' }),
        fc.record({ enum: fc.array(text) }),
        fc.constant(true),
      ),
      $ref: fc.constantFrom('#', '#/properties/a', '#/properties/b', '#/$defs/none', '#constructor'),
      anyOf: fc.array(
        fc.constantFrom<Json>({ type: 'null' }, { type: 'string' }, { $ref: '#/properties/a' }, 1),
        { maxLength: 3 },
      ),
      maxLength: fc.integer({ min: 0, max: 500 }),
    },
    { requiredKeys: [] },
  )
  const given = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 4, selector: ([key]) => key })
    .map((entries) => Object.fromEntries<Json>(entries))
  const schemas = fc.option(
    fc.record(
      {
        properties: fc.dictionary(fc.constantFrom(...keys), plainSchema as fc.Arbitrary<Json>),
        required: fc.subarray(keys),
      },
      { requiredKeys: [] },
    ),
  ) as fc.Arbitrary<JsonObject | null>

  test('Slack takes the form, and untouched it changes nothing', () => {
    let forms = 0
    fc.assert(
      fc.property(given, schemas, fc.subarray(keys, { minLength: 1 }), (sent, schema, editable) => {
        const approval = asking(sent, schema, editable)
        const view = editView(approval, ticket)
        if (typeof view === 'string') return
        forms++
        expect(parseView(view, 'modal', [])).toMatchObject({ ok: true })
        const untouched = stateValues(blocksOf(approval), {})
        // What Slack itself holds back, as it is needed and was not there, has to be filled in first.
        if (Object.keys(incomplete(blocksOf(approval), untouched)).length > 0) return
        expect(difference(sent, becomes(approval))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
    expect(forms).toBeGreaterThan(1_000)
  })
})
