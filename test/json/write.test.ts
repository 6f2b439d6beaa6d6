import { expect, test } from '@jest/globals'
import { assert, double, jsonValue, oneof, property } from 'fast-check'
import { readJson } from '../../src/json/read.ts'
import { writeJson } from '../../src/json/write.ts'

test('the strict reader reads back exactly what was written', () => {
  const values = oneof(jsonValue(), double({ noNaN: true, noDefaultInfinity: true, min: 1e15, max: 1e22 }))
  assert(
    property(values, (value) => {
      const { value: read, faults } = readJson(writeJson(value, 2), 'This')
      if (!JSON.stringify(value).includes('__proto__') && !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)))
        expect(faults).toEqual([])
      expect(JSON.stringify(read)).toBe(JSON.stringify(value))
    }),
    { numRuns: 2_000 },
  )
})

test('what looks like a number within a text stays as it is', () => {
  expect(writeJson({ '147512442044816240000': ['"-147512442044816240000\\', -147512442044816240000] })).toBe(
    '{"147512442044816240000":["\\"-147512442044816240000\\\\",-1.4751244204481624e+20]}',
  )
})
