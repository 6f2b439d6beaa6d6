/** Up to this many characters without an exponent there are at most 15 digits, and a double keeps any 15 digits. */
const alwaysExact = 15

/**
 * Why a JSON number cannot be held by a double as it is written, or null where it can (RFC 7493, 2.2).
 *
 * It must be the shortest decimal that leads to the double, give or take zeros: that is how it will be written again, so
 * that what a human is shown, and what is read back, is what was sent. A whole number must besides be exactly the
 * double's value.
 */
export function refuseNumber(literal: string): string | null {
  const plain = !/[eE]/.test(literal)
  if (plain && literal.length <= alwaysExact) return null
  const value = Number(literal)
  if (!Number.isFinite(value)) return 'This number is too large for a double (IEEE 754 binary64)'
  const whole = plain && !literal.includes('.')
  const exact = !whole || BigInt(literal) === BigInt(value)
  if (exact && sameDecimal(literal, value)) return null
  if (value === 0) return 'This number is too small for a double (IEEE 754 binary64)'
  return `This number cannot be held exactly: it would become ${String(value)}; send it as a string instead`
}

function sameDecimal(literal: string, value: number): boolean {
  const written = significant(literal)
  const kept = significant(String(value))
  // A zero has no digits left, and then its exponent means nothing.
  return written.digits === kept.digits && (written.digits === '' || written.exponent === kept.exponent)
}

/**
 * A decimal without its sign and without zeros on either side: the value is `digits` times ten to the `exponent`
 * (`-12.30e4` → `123` and 3).
 */
function significant(literal: string): { digits: string; exponent: number } {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  // Loops, because /0+$/ takes quadratic time on a long run of zeros that is not at the end.
  let start = 0
  while (digits[start] === '0') start++
  let end = digits.length
  while (end > start && digits[end - 1] === '0') end--
  return {
    digits: digits.slice(start, end),
    exponent: Number(exponent) - fraction.length + (digits.length - end),
  }
}
