import { reveal } from '../approval/reveal.ts'
import { measuresBy, neverRejects, type Approver } from './measures.ts'
import type { Report } from './report.ts'
import { changeWords, inWords, isNothing } from './words.ts'

/** The figures as lines for a terminal. */
export function reportLines(report: Report): string[] {
  const { window, as_of, agent, by, groups, left_off, approvers } = report
  const whole = table(
    measuresBy(null).flatMap(({ name, title, unit }) => {
      const [now, before] = [report.figures[name] ?? null, report.figures_before[name] ?? null]
      // What is not of one agent, or never happened, is left out.
      return now === null && before === null
        ? []
        : [[title, inWords(unit, now), changeWords(unit, now, before) ?? '']]
    }),
  )
  return [
    `${agent ?? 'All agents'}, ${window.from.toISOString()} to ${window.to.toISOString()}, and the change to the time before`,
    as_of === null ? 'Nothing was counted yet' : `Counted up to ${as_of.toISOString()}`,
    '',
    ...whole,
    ...(by === null ? [] : ['', ...groupLines(report)]),
    ...(left_off > 0 ? [`… and ${left_off} more`] : []),
    ...(by === null && groups.length === 0 && approvers !== null ? ['', ...approverLines(approvers)] : []),
  ]
}

function groupLines({ by, groups }: Report): string[] {
  if (groups.length === 0) return [`Nothing by ${by}`]
  const shown = measuresBy(by).filter(({ name, unit }) =>
    groups.some(({ figures }) => !isNothing(unit, figures[name] ?? null)),
  )
  return groups.flatMap(({ key, figures }) => [
    `${by} ${reveal(key)}`,
    ...table(shown.map(({ name, title, unit }) => [title, inWords(unit, figures[name] ?? null)])),
  ])
}

const mostApprovers = 20

function approverLines(approvers: Approver[]): string[] {
  if (approvers.length === 0) return ['Nobody decided anything']
  const rows = approvers
    .slice(0, mostApprovers)
    .map((one) => [
      one.slack_user_id,
      one.decisions === 1 ? '1 decision' : `${one.decisions} decisions`,
      `${one.rejected} rejected`,
      `${one.quick} in under 5 s`,
      neverRejects(one) ? 'never rejects' : '',
    ])
  const more = approvers.length - mostApprovers
  return ['Who decides', ...table(rows), ...(more > 0 ? [`… and ${more} more`] : [])]
}

function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
}
