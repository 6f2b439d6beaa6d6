import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { readBodyJson } from '../../src/intake/json.ts'

const faults = (literal: string) => readBodyJson(Buffer.from(literal)).faults

describe('numbers that a double holds as they are written', () => {
  test.each([
    '0',
    '-0',
    '0.0',
    '-0.00',
    '0e-400',
    '0e99999999999999999999',
    '1',
    '1.0',
    '120e-1',
    '1E+2',
    '-1e-5',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740994',
    '1000000000000000000000',
    '1e21',
    '1e23',
    '0.1',
    '0.10',
    '0.30000000000000004',
    '3.141592653589793',
    '5e-324',
    '1.7976931348623157e308',
    '123456789012345',
    '0.000001',
    '1.5e-7',
    '100.5e1',
  ])('%s', (literal) => {
    expect(faults(literal)).toEqual([])
  })

  test('whatever JSON.stringify writes of a fraction, or of a whole number up to 2^53', () => {
    const held = fc.double({ min: -(2 ** 53), max: 2 ** 53, noNaN: true })
    fc.assert(
      fc.property(held, (value) => expect(faults(JSON.stringify(value))).toEqual([])),
      { numRuns: 1_000 },
    )
  })

  test('every double, with an exponent', () => {
    const finite = fc.double({ noDefaultInfinity: true, noNaN: true })
    fc.assert(
      fc.property(finite, (value) => expect(faults(value.toExponential())).toEqual([])),
      { numRuns: 1_000 },
    )
  })
})

describe('numbers that a double cannot hold as they are written', () => {
  test.each([
    ['9007199254740993', 'would become 9007199254740992'],
    ['-9007199254740993', 'would become -9007199254740992'],
    ['9007199254740993.0', 'would become 9007199254740992'],
    ['9007199254740993e0', 'would become 9007199254740992'],
    ['18446744073709551615', 'would become 18446744073709552000'],
    ['100000000000000000000000', 'would become 1e+23'],
    ['0.1000000000000000055511151231257827', 'would become 0.1'],
    ['3.1415926535897932', 'would become 3.141592653589793'],
    ['4e-324', 'would become 5e-324'],
    ['1e-400', 'too small'],
    ['-1e-400', 'too small'],
    ['1e400', 'too large'],
    ['-1e400', 'too large'],
    [`1${'0'.repeat(400)}`, 'too large'],
    ['1.7976931348623159e308', 'too large'],
  ])('%s %s', (literal, why) => {
    expect(faults(literal)).toEqual([{ pointer: '', detail: expect.stringContaining(why) }])
  })

  test('every whole number that is not a double', () => {
    const between = fc
      .bigInt({ min: 2n ** 53n, max: 2n ** 200n })
      .filter((whole) => BigInt(Number(whole)) !== whole)
    fc.assert(fc.property(between, (whole) => expect(faults(String(whole))).toHaveLength(1)))
  })
})

test('a number as long as a body is judged without going through it again and again', () => {
  // A pattern that backtracks would need 10^10 steps here, and this test its whole time.
  expect(faults(`[0.1${'0'.repeat(250_000)}1]`)).toEqual([
    { pointer: '/0', detail: expect.stringContaining('would become 0.1') },
  ])
})
