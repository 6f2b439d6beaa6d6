import { escalationChart, type Escalations } from './charts/escalation-chart.ts'
import { latencyChart, type LatencyPoint } from './charts/latency-chart.ts'
import { toPng } from './charts/png.ts'
import { quantile } from './histogram.ts'
import { readBy, readSeries, type ReadParts } from './read.ts'
import { beginningOf, hourMs, nextOf, type Span, type Window } from './spans.ts'
import { windowsOf } from './window.ts'
import { inWords } from './words.ts'

/** A picture of figures; `alt` says in words what is to be seen. */
export type Chart = { name: string; title: string; alt: string; png: Uint8Array }

/** Latency over time and escalation by role, in the last `ms` milliseconds; none where there is nothing to show. */
export async function chartsOf(parts: ReadParts, ms: number): Promise<Chart[]> {
  const { window } = windowsOf(ms, parts.clock.now())
  const span = spanFor(ms)
  const points = await latencyPoints(parts, window, span)
  const roles = await escalationsBy(parts, window)
  const drawings = [
    ...(points.some(({ p50 }) => p50 !== null)
      ? [
          {
            name: 'time-to-decision.png',
            title: 'Time to decision',
            alt: latencyInWords(points, span),
            svg: latencyChart(points, span),
          },
        ]
      : []),
    ...(roles.length > 0
      ? [
          {
            name: 'escalation-by-role.png',
            title: 'Escalation by role',
            alt: escalationInWords(roles),
            svg: escalationChart(roles),
          },
        ]
      : []),
  ]
  const pictures = await toPng(drawings.map(({ svg }) => svg))
  return drawings.map(({ name, title, alt }, nth) => ({
    name,
    title,
    alt,
    png: pictures[nth] ?? new Uint8Array(),
  }))
}

/** Some ten to ninety points. */
function spanFor(ms: number): Span {
  if (ms <= 72 * hourMs) return 'hour'
  return ms <= 92 * 24 * hourMs ? 'day' : 'month'
}

async function latencyPoints({ database }: ReadParts, window: Window, span: Span): Promise<LatencyPoint[]> {
  const from = beginningOf(span, window.from)
  const starts: Date[] = []
  for (let at = from; at < window.to; at = nextOf(span, at)) starts.push(at)
  const series = await readSeries(database, { span, from, to: window.to }, starts)
  return series.map(({ at, cell: { latency } }) => ({
    at,
    p50: quantile(latency, 0.5),
    p95: quantile(latency, 0.95),
  }))
}

async function escalationsBy({ database }: ReadParts, window: Window): Promise<Escalations[]> {
  const cells = await readBy(database, { agent: null }, 'role', window)
  return [...cells]
    .map(([role, { counts }]) => ({
      role,
      asked: counts.get('asked') ?? 0,
      escalated: counts.get('escalated') ?? 0,
    }))
    .filter(({ asked }) => asked > 0)
}

function latencyInWords(points: readonly LatencyPoint[], span: Span): string {
  const last = points.findLast(({ p50 }) => p50 !== null)
  return `Median and 95th percentile of the time to a decision, by ${span}; the last is ${inWords('ms', last?.p50 ?? null)} and ${inWords('ms', last?.p95 ?? null)}`
}

function escalationInWords(roles: readonly Escalations[]): string {
  return `Stages that were escalated: ${roles.map(({ role, asked, escalated }) => `${role} ${escalated} of ${asked}`).join(', ')}`
}
