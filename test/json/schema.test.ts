import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/approval/approval.ts'
import { checkSchema } from '../../src/json/schema.ts'

const refund: JsonObject = {
  type: 'object',
  properties: {
    amount: { type: 'number', minimum: 1, maximum: 500 },
    currency: { enum: ['EUR', 'USD'] },
    due: { type: 'string', format: 'date' },
    note: { $ref: '#/$defs/note' },
  },
  required: ['amount'],
  additionalProperties: false,
  $defs: { note: { type: 'string', pattern: '^[a-z ]*$', maxLength: 20 } },
}

describe('a value against a schema', () => {
  test('that satisfies it has no fault', async () => {
    const value = { amount: 200, currency: 'EUR', due: '2026-11-22', note: 'as agreed' }
    expect(await checkSchema(refund, value)).toEqual({ faults: [] })
  })

  test('has every fault named, each with where it is', async () => {
    const value = { amount: 900, currency: 'GBP', due: '2026-13-01', note: 'NO', 'a/b': 1 }
    expect(await checkSchema(refund, value)).toEqual({
      faults: expect.arrayContaining([
        { pointer: '/amount', detail: 'must be <= 500' },
        {
          pointer: '/currency',
          detail: 'must be equal to one of the allowed values: ["EUR","USD"]',
        },
        { pointer: '/due', detail: 'must match format "date"' },
        { pointer: '/note', detail: 'must match pattern "^[a-z ]*$"' },
        { pointer: '/a~1b', detail: 'must NOT have additional properties' },
      ]),
    })
    expect(await checkSchema(refund, {})).toEqual({
      faults: [{ pointer: '/amount', detail: "must have required property 'amount'" }],
    })
  })

  test('is judged by what the schema says and not by notes in it', async () => {
    const noted = { properties: { amount: { type: 'integer', 'x-unit': 'cent', format: 'money' } } }
    expect(await checkSchema(noted, { amount: 3 })).toEqual({ faults: [] })
  })
})

describe('a schema that would do harm is not used', () => {
  /** Each level is checked twice for the one above it. */
  const doubling: JsonObject = {
    $ref: '#/$defs/l0',
    $defs: Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `l${i}`,
        i === 39
          ? { type: 'object' }
          : { allOf: [{ $ref: `#/$defs/l${i + 1}` }, { $ref: `#/$defs/l${i + 1}` }] },
      ]),
    ),
  }
  const wide = { allOf: Array.from({ length: 30_000 }, () => ({ required: ['x'] })) }

  test.each<[string, JsonObject, RegExp]>([
    ['a pattern that backtracks for ages', { properties: { note: { pattern: '^(a+)+$' } } }, /too long/],
    ['references that double forty times', doubling, /too long/],
    ['a reference to another document', { $ref: 'https://evil.example/x.json' }, /can't resolve reference/],
    ['a reference to nowhere', { $ref: '#/$defs/none' }, /can't resolve reference/],
    ['a promise in the place of an answer', { $async: true, type: 'object' }, /does not say/],
    [
      'a pattern that is none',
      { properties: { note: { pattern: '(' } } },
      /regular expression|schema is invalid/i,
    ],
    ['a type that is none', { type: 'refund' }, /schema is invalid/],
    ['more to compile than there is time or memory for', wide, /.+/],
  ])('%s', async (_name, schema, because) => {
    const answer = await checkSchema(schema, { note: `${'a'.repeat(40)}!` })
    expect(answer).toEqual({ unusable: expect.stringMatching(because) })
  })

  test('and what comes after it is checked as ever', async () => {
    expect(await checkSchema(refund, { amount: 2 })).toEqual({ faults: [] })
  })
})
