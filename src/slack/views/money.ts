import type { Json, JsonObject } from '../../approval/approval.ts'

/** An object's amounts as people write them, by their keys, and the key of the currency that they have in common. */
export type Money = { currency: string; amounts: Record<string, string> }

const currencyKey = /^(currency|currency_?code|ccy)$/i
const amountKey =
  /(^|_)(amount|price|total|subtotal|sum|cost|costs|fee|fees|value|balance|payment|refund|tax|discount|limit|budget)(_|$)|[a-z](Amount|Price|Total|Cost|Fee|Value|Balance)$/
const minorKey = /(_|^)(cents|minor|minor_units|pennies|pence)$|(Cents|Minor|MinorUnits)$/
const number = /^-?\d{1,15}(\.\d{1,12})?$/

/**
 * The amounts of money in an object that names their currency; null where there are none. The number stays the one that was
 * sent: some tools count in cents, and only where the key says so is it known.
 */
export function moneyIn(object: JsonObject): Money | null {
  const currency = Object.keys(object).find((key) => currencyKey.test(key))
  const code = currency === undefined ? undefined : object[currency]
  if (currency === undefined || typeof code !== 'string' || !/^[A-Za-z]{3}$/.test(code)) return null
  const amounts = Object.entries(object).flatMap(([key, value]): [string, string][] => {
    const text = amountText(key, value, code.toUpperCase())
    return text === null ? [] : [[key, text]]
  })
  // Keys like `constructor` must not be found where they are not.
  const found = Object.assign(Object.create(null) as Money['amounts'], Object.fromEntries(amounts))
  return amounts.length === 0 ? null : { currency, amounts: found }
}

function amountText(key: string, value: Json, code: string): string | null {
  const minor = minorKey.test(key)
  if (!minor && !amountKey.test(key)) return null
  const text = typeof value === 'number' ? JSON.stringify(value) : value
  if (typeof text !== 'string' || !number.test(text)) return null
  if (!minor) return `${grouped(text)} ${code}`
  return text.includes('.') ? null : `${grouped(inMajor(text, code))} ${code} (${text} as sent)`
}

/** `2400.5` → `2,400.5`. */
function grouped(number: string): string {
  const [whole = '', ...fraction] = number.split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}

/** `240000` cents → `2400.00`, with as many decimals as the currency has (ISO 4217). */
function inMajor(minor: string, currency: string): string {
  const decimals =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  if (decimals === 0) return minor
  const sign = minor.startsWith('-') ? '-' : ''
  const digits = minor.replace('-', '').padStart(decimals + 1, '0')
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
