import { expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/approval/approval.ts'
import { schemaFaults } from '../../src/json/schema-faults.ts'

const types = '["array","boolean","integer","null","number","object","string"]'

test.each<[string, JsonObject, Record<string, string>]>([
  ['a type that is none', { type: 'banana' }, { '/type': `In a JSON Schema this must be one of ${types}` }],
  [
    'several faults at once',
    { properties: { a: { minLength: -1 }, b: 3 }, required: 'a' },
    {
      '/properties/a/minLength': 'In a JSON Schema this must be >= 0',
      '/properties/b': 'In a JSON Schema this must be object,boolean',
      '/required': 'In a JSON Schema this must be array',
    },
  ],
  [
    'a pattern that is none',
    { properties: { a: { pattern: '(' } }, patternProperties: { '*': {} } },
    {
      '/properties/a/pattern': 'In a JSON Schema this must be a regular expression',
      '/patternProperties/*': 'In a JSON Schema this must be a regular expression',
    },
  ],
  [
    'a reference to nowhere',
    { properties: { a: { $ref: '#/$defs/none' }, b: { $ref: '#none' } } },
    {
      '/properties/a/$ref': 'This reference leads to nothing in the schema',
      '/properties/b/$ref': 'This reference leads to nothing in the schema',
    },
  ],
  [
    'a reference that is no address',
    { $ref: '#%E0%A4%A' },
    { '/$ref': 'This reference leads to nothing in the schema' },
  ],
])('%s is named where it is', (_name, schema, faults) => {
  expect(Object.fromEntries(schemaFaults(schema).map(({ pointer, detail }) => [pointer, detail]))).toEqual(
    faults,
  )
})

test.each<[string, JsonObject]>([
  ['an empty one', {}],
  [
    'references by place and by name',
    { $ref: '#/$defs/a%20b', $defs: { 'a b': { $ref: '#n' }, c: { $anchor: 'n' } } },
  ],
  [
    'a property that is called like a word of the standard',
    { properties: { $ref: { type: 'string' }, type: true } },
  ],
  [
    'data that looks like a schema',
    { examples: [{ pattern: '**/*.ts', $ref: '#/x' }], const: { pattern: '(' } },
  ],
  ['notes of one’s own', { type: 'object', 'x-form': { order: ['a'] }, format: 'refund' }],
  ['parts with names of their own', { $defs: { a: { $id: 'urn:a', $ref: '#/b', b: {} } } }],
  ['a name that it has for itself', { $id: 'https://agent.example/refund', $async: true }],
])('%s has none', (_name, schema) => {
  expect(schemaFaults(schema)).toEqual([])
})

test('of a large schema the first fault is told, of a smaller one a hundred', () => {
  const many = (count: number) => ({
    properties: Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, { type: 'x' }])),
  })
  expect(schemaFaults(many(200))).toHaveLength(100)
  expect(schemaFaults(many(5_000))).toHaveLength(1)
})
