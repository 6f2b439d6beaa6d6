import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/approval/approval.ts'
import { differingLines } from '../../src/slack/views/difference.ts'
import { fieldElements, type FieldRoom } from '../../src/slack/views/fields.ts'
import { rowsOf } from '../../src/slack/views/layout.ts'
import { textsIn } from './seen.ts'

const room: FieldRoom = { lines: 18, value: 160, text: { characters: 600, lines: 8 } }

/** An object as it reads on a card, a line for each of its parts; what is crossed out stands in tildes. */
function read(object: JsonObject, before: JsonObject | null = null): string[] {
  const struck = { code: true, strike: true }
  const elements = fieldElements(object, before, room)
  const marked: unknown = JSON.parse(
    JSON.stringify(elements),
    (_key, inner: { text?: string; style?: unknown } | null) =>
      isDeepStrictEqual(inner?.style, struck) ? { ...inner, text: `~${inner?.text}~` } : inner,
  )
  return (marked as unknown[]).map((element) => textsIn(element).join(''))
}

describe('arguments', () => {
  test.each<[string, JsonObject, string[]]>([
    ['money with its currency', { amount: 2400.5, currency: 'usd' }, ['amount  2,400.5 USD']],
    ['money as text', { total_price: '1234567.80', currency: 'EUR' }, ['total_price  1,234,567.80 EUR']],
    [
      'money in cents',
      { amount_cents: 240050, currency: 'USD' },
      ['amount_cents  2,400.50 USD (240050 as sent)'],
    ],
    [
      'a currency without decimals',
      { amount_minor: 500, currency: 'JPY' },
      ['amount_minor  500 JPY (500 as sent)'],
    ],
    ['no money without a currency', { amount: 2400 }, ['amount  2400']],
    ['no money in what is no number', { amount: 'much', currency: 'USD' }, ['amount  much', 'currency  USD']],
    ['numbers that are no money', { order: 18811234, currency: 'USD' }, ['order  18811234', 'currency  USD']],
    [
      'a text that looks like something else',
      { zip: '10115', on: 'true', none: '' },
      ['zip  "10115"', 'on  "true"', 'none  ""'],
    ],
    ['what is nothing', { none: null, list: [], object: {} }, ['none  null', 'list  []', 'object  {}']],
    ['a list', { steps: [5, 25, 100] }, ['steps  5, 25, 100']],
    ['a small object', { who: { name: 'Ada', age: 36 } }, ['who  name Ada, age 36']],
    ['an object', { who: { name: 'Ada', tags: ['a'] } }, ['who  ', 'name  Ada', 'tags  a']],
    [
      'several objects',
      { lines: [{ sku: 'A' }, { sku: 'B' }] },
      ['lines  2 entries', '#1  sku A', '#2  sku B'],
    ],
    ['a text of several lines', { note: 'a\nb' }, ['note  ', 'a\nb']],
  ])('%s', (_what, object, expected) => {
    expect(read(object)).toEqual(expected)
  })

  test('of a long list the beginning, and how many more there are', () => {
    const ids = Array.from({ length: 500 }, (_, i) => 1_000 + i)
    expect(read({ ids })[0]).toMatch(/^ids  1000, 1001, .* and 4\d\d more$/)
  })

  test('dates are the reader’s own', () => {
    const [row] = [...rowsOf({ at: '2026-11-22T18:00:00+01:00' }, 'easy')]
    expect(row?.value).toEqual({
      as: 'date',
      at: new Date('2026-11-22T17:00:00Z'),
      text: '2026-11-22T18:00:00+01:00',
    })
    expect(JSON.stringify(fieldElements({ at: '2026-11-22T17:00:05Z' }, null, room))).toContain(
      '"type":"date","timestamp":1795366805',
    )
  })

  test.each(['2026-11-22', '2026-11-22T18:00:00', '2026-13-40T18:00:00Z', '1912-06-23T00:00:00Z'])(
    '%s is no moment and stays what it is',
    (at) => expect(read({ at })).toEqual([`at  ${at}`]),
  )
})

describe('compared with what is there now', () => {
  test.each<[string, JsonObject, JsonObject, string[]]>([
    ['what is the same', { plan: 'pro' }, { plan: 'pro' }, ['plan  pro']],
    ['another value', { seats: 8 }, { seats: 5 }, ['seats  ~5~ → 8']],
    ['another kind', { to: ['a', 'b'] }, { to: 'a' }, ['to  ~a~ → a, b']],
    ['what is new', { seats: 8, plan: 'pro' }, { plan: 'pro' }, ['seats  8', 'plan  pro']],
    [
      'a field of a field',
      { at: { city: 'Berlin', zip: 1 } },
      { at: { city: 'Bonn', zip: 1 } },
      ['at  ', 'city  ~Bonn~ → Berlin', 'zip  1'],
    ],
    [
      'an object in the place of a value',
      { at: { city: 'Berlin' } },
      { at: 'Bonn' },
      ['at  ~Bonn~ → city Berlin'],
    ],
    ['lines of a text', { sql: 'a\nb\nc' }, { sql: 'a\nB\nc' }, ['sql  what changes  ', '  a\n- B\n+ b']],
    ['a whole text', { sql: 'a\nb' }, { sql: 'x\ny' }, ['sql  ~x⏎y~ → ', 'a\nb']],
  ])('%s', (_what, object, before, expected) => {
    expect(read(object, before)).toEqual(expected)
  })

  test('two long texts that have nothing in common are not compared for long', () => {
    const [a, b] = [
      Array.from({ length: 60_000 }, (_, i) => `a${i}`),
      Array.from({ length: 60_000 }, (_, i) => `b${i}`),
    ]
    expect(differingLines(a.join('\n'), b.join('\n'))).toBeNull()
  })
})
