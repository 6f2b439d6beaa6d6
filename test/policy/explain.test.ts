import { expect, test } from '@jest/globals'
import { createConditions } from '../../src/policy/cel/conditions.ts'
import { falseParts } from '../../src/policy/index.ts'
import { requestOf } from './request.ts'

/** Of a refund of 24, in production and of medium risk. */
function why(when: string): string[] {
  return falseParts({ conditions: createConditions() }, when, requestOf(), new Date(0), {})
}

test.each([
  ['action.arguments.amount > 100', ['action.arguments.amount > 100']],
  ['action.tool == "stripe.refund" && action.arguments.amount > 100', ['action.arguments.amount > 100']],
  ['action.tool == "x" && risk == "medium" && risk == "high"', ['action.tool == "x"', 'risk == "high"']],
  // What stands in brackets or in a text joins nothing.
  ['risk == "medium" && (risk == "low" && environment == "x")', ['(risk == "low" && environment == "x")']],
  [`risk == "medium" && environment == "a && b" && environment != 'a" && b'`, ['environment == "a && b"']],
  [`risk == "medium" && environment == r"\\" && true`, [`environment == r"\\"`]],
  ['risk == "medium" && [1, 2].exists(x, x > 1 && x > 2)', ['[1, 2].exists(x, x > 1 && x > 2)']],
  // A weaker operator holds it together.
  ['risk == "low" && true || risk == "high"', ['risk == "low" && true || risk == "high"']],
  ['risk == "low" && true ? true : false', ['risk == "low" && true ? true : false']],
  // A part that fails is not false.
  ['action.arguments.nothing > 1 && risk == "low"', ['risk == "low"']],
])('%s', (when, parts) => {
  expect(why(when)).toEqual(parts)
})
