import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readBodyJson } from '../../src/intake/json.ts'

describe('reading JSON', () => {
  test('what is well formed is read as JSON.parse reads it', () => {
    const clean = fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }).map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(clean, (text) => {
        const { value, faults } = readBodyJson(Buffer.from(text))
        if (faults.length === 0) expect(value).toEqual(JSON.parse(text))
        else expect(text).toMatch(/__proto__|\\u0000|\\ud[89a-f]|[0-9]{16}/i)
      }),
      { numRuns: 1_000 },
    )
  })

  test('where parsing fails is told without quoting the body', () => {
    const broken = [
      '{"password": hunter2}',
      '{"password":"hunter2" "x":1}',
      '{"password":"hunter2"',
      '{"password":"hunter2\n"}',
      '{hunter2}',
    ]

    const details = broken.map((text) => readBodyJson(Buffer.from(text)).faults[0]?.detail)

    for (const detail of details) expect(detail).toMatch(/^The body is not JSON: .+/)
    expect(details.join(' ')).not.toContain('hunter2')
  })

  test('white space, empty containers and escapes confuse no pointer', () => {
    const text =
      '\r\n{ "a" : [ { } , [ ] , "\\"}{][,:" , { "b\\\\\\"" : [ 1e999 , "\\u0000" ] } ] , "" : { "" : 1e999 } }\t'

    expect(readBodyJson(Buffer.from(text)).faults.map(({ pointer }) => pointer)).toEqual([
      '/a/3/b\\"/0',
      '/a/3/b\\"/1',
      '//',
    ])
  })

  test.each([
    ['brackets', '['.repeat(131_072) + ']'.repeat(131_072)],
    ['braces', '{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000)],
    ['brackets without end', '['.repeat(262_144)],
  ])('256 KiB of %s are one fault and no overflow', (_name, text) => {
    const { value, faults } = readBodyJson(Buffer.from(text))

    expect(value).toBeUndefined()
    expect(faults).toHaveLength(1)
  })

  test('the pointer of a fault below an endless key ends above it', () => {
    const { faults } = readBodyJson(Buffer.from(`{"a":{"${'k'.repeat(100_000)}":[1e999]}}`))

    expect(faults.map(({ pointer }) => pointer)).toEqual(['/a'])
  })
})
