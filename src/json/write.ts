import { refuseNumber } from './number.ts'

/** Strings, which are left alone, and numbers. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/**
 * JSON that the strict reader takes for exactly this value. JavaScript writes numbers below 1e21 in plain digits, also
 * where that is more digits than a double holds.
 */
export function writeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(tokens, (token) =>
    token.startsWith('"') || refuseNumber(token) === null ? token : Number(token).toExponential(),
  )
}
