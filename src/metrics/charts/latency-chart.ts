import type { Span } from '../spans.ts'
import { colours, panel, width, words } from './panel.ts'

/** How long decisions took in one span of time, in milliseconds; null where there were none. */
export type LatencyPoint = { at: Date; p50: number | null; p95: number | null }

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Where lines can be drawn through, with what stands beside them: times differ by orders of magnitude. */
const marks: [number, string][] = [
  [second, '1 s'],
  [5 * second, '5 s'],
  [30 * second, '30 s'],
  [2 * minute, '2 min'],
  [10 * minute, '10 min'],
  [hour, '1 h'],
  [4 * hour, '4 h'],
  [day, '1 day'],
  [7 * day, '7 days'],
  [30 * day, '30 days'],
]

const place = { left: 96, right: width - 32, top: 112, bottom: 372 }
const height = 420

/** The median and the 95th percentile over time, on a logarithmic scale. Where nobody decided the lines are broken. */
export function latencyChart(points: readonly LatencyPoint[], span: Span): string {
  const [low, high] = rangeOf(points)
  const y = (ms: number) =>
    place.bottom -
    ((Math.log(ms) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (place.bottom - place.top)
  const x = (nth: number) =>
    points.length < 2
      ? (place.left + place.right) / 2
      : place.left + (nth / (points.length - 1)) * (place.right - place.left)
  const lines = [
    { values: points.map(({ p95 }) => p95), colour: colours.second },
    { values: points.map(({ p50 }) => p50), colour: colours.first },
  ]
  return panel('Time to decision', `By ${span}, UTC; what nobody decided has none`, height, [
    ...legend(),
    ...marks
      .filter(([ms]) => ms >= low && ms <= high)
      .flatMap(([ms, text]) => [
        `<line x1="${place.left}" x2="${place.right}" y1="${y(ms)}" y2="${y(ms)}" stroke="${colours.grid}" stroke-width="2"/>`,
        words(text, { x: place.left - 12, y: y(ms) + 6, size: 17, colour: colours.faint, anchor: 'end' }),
      ]),
    ...ticks(points, span).map(({ nth, text }) =>
      words(text, { x: x(nth), y: place.bottom + 30, size: 17, colour: colours.faint, anchor: 'middle' }),
    ),
    ...lines.flatMap(({ values, colour }) => strokes(values, x, y, colour)),
  ])
}

function rangeOf(points: readonly LatencyPoint[]): [number, number] {
  const values = points.flatMap(({ p50, p95 }) => [p50, p95]).filter((value) => value !== null)
  const [least, most] = [Math.max(second, Math.min(...values)), Math.max(minute, ...values)]
  const low = marks.findLast(([ms]) => ms <= least)?.[0] ?? second
  const high = marks.find(([ms]) => ms > most)?.[0] ?? most
  return values.length === 0 ? [second, hour] : [low, high]
}

function legend(): string[] {
  return [
    { text: 'Median', colour: colours.first, x: 700 },
    { text: '95th percentile', colour: colours.second, x: 800 },
  ].flatMap(({ text, colour, x }) => [
    `<circle cx="${x - 14}" cy="42" r="7" fill="${colour}"/>`,
    words(text, { x, y: 48, size: 17 }),
  ])
}

/** Runs of values that follow one another as lines, and each value as a dot. */
function strokes(
  values: readonly (number | null)[],
  x: (nth: number) => number,
  y: (ms: number) => number,
  colour: string,
): string[] {
  const dots = values.flatMap((value, nth) =>
    value === null ? [] : [{ nth, cx: x(nth), cy: y(Math.max(second, value)) }],
  )
  const runs: (typeof dots)[] = []
  for (const dot of dots) {
    const last = runs.at(-1)
    if (last?.at(-1)?.nth === dot.nth - 1) last.push(dot)
    else runs.push([dot])
  }
  return [
    ...runs.map(
      (run) =>
        `<polyline points="${run.map(({ cx, cy }) => `${cx.toFixed(1)},${cy.toFixed(1)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>`,
    ),
    ...dots.map(
      ({ cx, cy }) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="5" fill="${colour}"/>`,
    ),
  ]
}

/** At most seven names below the picture. */
function ticks(points: readonly LatencyPoint[], span: Span): { nth: number; text: string }[] {
  const every = Math.max(1, Math.ceil(points.length / 7))
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    ...(span === 'hour' ? { hour: '2-digit', minute: '2-digit' } : {}),
    ...(span === 'day' ? { day: 'numeric', month: 'short' } : {}),
    ...(span === 'month' ? { month: 'short', year: 'numeric' } : {}),
  })
  return points.flatMap(({ at }, nth) => (nth % every === 0 ? [{ nth, text: format.format(at) }] : []))
}
