// Money is added up as whole numbers of a millionth of a millionth, so that nothing is rounded.

const places = 12

/** A decimal text, with at most 12 digits behind the point, as so many 10⁻¹². */
export function fromDecimal(text: string): bigint {
  const [, sign = '', whole = '0', behind = ''] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text) ?? []
  return BigInt(sign + whole + behind.slice(0, places).padEnd(places, '0'))
}

/** So many 10⁻¹² as a decimal text without zeros at its end. */
export function toDecimal(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
  return value < 0n ? `-${text}` : text
}

/** A sum shared out over so many, as a decimal text with at most 6 digits behind the point. */
export function sharedOut(sum: bigint, among: number): string {
  const unit = 10n ** 6n
  const half = (unit * BigInt(among)) / 2n
  return toDecimal(((sum + half) / (unit * BigInt(among))) * unit)
}
