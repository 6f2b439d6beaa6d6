import type { Unit, Value } from './measures.ts'

/** A value as people read it. */
export function inWords(unit: Unit, value: Value): string {
  if (value === null) return '–'
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([currency, amount]) => `${rounded(amount)} ${currency}`)
      .join(', ')
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(1)} %`
    case 'ms':
      return durationWords(value)
    case 'count':
    case 'money':
      return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(1)
  }
}

/** Whether a value says nothing: it was never measured, or nothing happened. That a share is 0 is a finding. */
export function isNothing(unit: Unit, value: Value): boolean {
  return value === null || (value === 0 && unit !== 'share')
}

/** Four decimals: a run may cost less than a cent. */
function rounded(amount: string): string {
  return Number(amount).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 })
}

export function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (seconds < 60) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  if (seconds < 3_600)
    return `${Math.floor(seconds / 60)} min${seconds % 60 === 0 ? '' : ` ${seconds % 60} s`}`
  if (minutes < 48 * 60)
    return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
  return `${(ms / 86_400_000).toFixed(1)} days`
}

/**
 * How a value has changed since the window before: shares by percentage points, everything else in percent. Null where there is
 * nothing to compare, as with money of several currencies.
 */
export function changeWords(unit: Unit, now: Value, before: Value): string | null {
  const [a, b] = [single(before), single(now)]
  if (a === null || b === null) return null
  if (unit === 'share') {
    const points = (b - a) * 100
    return Math.abs(points) < 0.05 ? 'unchanged' : `${signed(points.toFixed(1))} points`
  }
  if (a === b) return 'unchanged'
  if (a === 0) return `from ${inWords(unit, a)}`
  const percent = ((b - a) / a) * 100
  return Math.abs(percent) < 0.5 ? 'unchanged' : `${signed(percent.toFixed(0))} %`
}

function single(value: Value): number | null {
  if (value === null || typeof value === 'number') return value
  const [amount, ...others] = Object.values(value)
  return amount === undefined || others.length > 0 ? null : Number(amount)
}

/** With a true minus sign, which is as wide as a plus. */
function signed(number: string): string {
  return number.startsWith('-') ? `−${number.slice(1)}` : `+${number}`
}
