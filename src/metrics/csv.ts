import { measuresBy, type By, type Figures, type Value } from './measures.ts'
import type { Report } from './report.ts'

const header = ['from', 'to', 'agent', 'by', 'key', 'measure', 'unit', 'currency', 'value', 'value_before']

/** The figures as CSV (RFC 4180), a value in each line: what a spreadsheet or a data frame can turn as it likes. */
export function reportCsv({ window, agent, by, figures, figures_before, groups }: Report): string[] {
  const start = [window.from.toISOString(), window.to.toISOString(), agent ?? '']
  const rows = [
    ...rowsOf(null, figures, figures_before).map((row) => [...start, '', '', ...row]),
    ...groups.flatMap((group) =>
      rowsOf(by, group.figures, group.before).map((row) => [...start, by ?? '', group.key, ...row]),
    ),
  ]
  return [header, ...rows].map((row) => row.map(field).join(','))
}

function rowsOf(by: By | null, now: Figures, before: Figures): string[][] {
  return measuresBy(by).flatMap(({ name, unit }) => {
    const [value, earlier] = [now[name] ?? null, before[name] ?? null]
    if (unit !== 'money') return [[name, unit, '', text(value), text(earlier)]]
    const [amounts, amounts_before] = [byCurrency(value), byCurrency(earlier)]
    const currencies = [...new Set([...Object.keys(amounts), ...Object.keys(amounts_before)])].sort()
    return currencies.map((one) => [name, unit, one, amounts[one] ?? '', amounts_before[one] ?? ''])
  })
}

function byCurrency(value: Value): Record<string, string> {
  return value !== null && typeof value === 'object' ? value : {}
}

function text(value: Value): string {
  return typeof value === 'number' ? String(value) : ''
}

/** A key that a spreadsheet would take for a formula is kept from that. */
function field(value: string): string {
  const harmless = /^[=+@\t\r-]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
