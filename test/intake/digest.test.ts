import { expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { toRequest } from '../../src/intake/request.ts'
import { canonicalHash } from '../../src/json/canonical.ts'
import { readBodyJson } from '../../src/intake/json.ts'
import { openBody } from '../../src/intake/schemas.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What RFC 8785 prints in its sections 3.2.2 and 3.2.3: an input with its canonical form. */
const vectors = [
  [
    String.raw`{"numbers":[333333333.3333333,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  ],
  [
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    `{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}`,
  ],
  ['{"b":-0,"a":{"toJSON":1,"10":0,"9":0}}', '{"a":{"10":0,"9":0,"toJSON":1},"b":0}'],
] as const

test.each(vectors)('%s has the hash of its canonical form', (text, canonical) => {
  const { value = null, faults } = readBodyJson(Buffer.from(text))

  expect(faults).toEqual([])
  expect(canonicalHash(value)).toBe(sha256(canonical))
})

test("an action's digest covers its tool and its arguments, however they are spelled, and nothing else", () => {
  const digest = (body: unknown) => toRequest(openBody.parse(body), 'production').action_digest

  const plain = digest({ action: { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 240 } } })

  expect(plain).toBe(
    `sha256:${sha256('{"arguments":{"amount":240,"charge":"ch_1"},"tool":"stripe.refund"}')}`,
  )
  expect(
    digest({
      action: { tool: 'stripe.refund', arguments: { amount: 240.0, charge: 'ch_1' }, summary: 'x' },
      risk: 'low',
    }),
  ).toBe(plain)
  expect(digest({ action: { tool: 'stripe.refund', arguments: { charge: 'ch_1', amount: 241 } } })).not.toBe(
    plain,
  )
  expect(digest({ action: { tool: 'stripe.refund' } })).toBe(
    `sha256:${sha256('{"arguments":{},"tool":"stripe.refund"}')}`,
  )
})
