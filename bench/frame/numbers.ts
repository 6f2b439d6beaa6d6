/** The value that `share` of the values do not exceed (nearest rank). NaN where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** A number for a table: three digits that count. */
export function figure(value: number, unit = ''): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  const text = Number.isFinite(value) ? value.toFixed(digits) : '–'
  return unit === '' ? withCommas(text) : `${withCommas(text)} ${unit}`
}

function withCommas(text: string): string {
  return text.replaceAll(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')
}
