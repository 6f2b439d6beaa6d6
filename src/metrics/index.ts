import { newId } from '../platform/ids.ts'
import type { Signal } from '../platform/signal.ts'
import { addJob } from '../store/add-jobs.ts'
import { chartsOf, type Chart } from './charts.ts'
import { createFolding } from './folding.ts'
import { exposition } from './prometheus.ts'
import { readExposed } from './exposed.ts'
import type { By } from './measures.ts'
import type { ReadParts } from './read.ts'
import { reportOf } from './report.ts'

export { readAsked } from './asked.ts'
export type { Chart } from './charts.ts'
export type { Report } from './report.ts'
export { changeWords, inWords, isNothing } from './words.ts'
export { neverRejects, type Approver } from './measures.ts'
export { reportCsv } from './csv.ts'
export { reportLines } from './text.ts'
export { measuresBy, type By, type Measure } from './measures.ts'
export { readWindow, usualWindow } from './window.ts'

/** What the numbers are, and how they are kept. */
export function createMetrics(parts: ReadParts & { work: Signal }) {
  const { database, clock, work } = parts
  const folding = createFolding(parts)
  return {
    folding,
    /** The figures of the last `ms` milliseconds; `agent` is a name, for its own alone. */
    async report(asked: { agent: string | null; by: By | null; ms: number }) {
      await folding.catchUp()
      return reportOf(parts, asked)
    },
    /** Latency over time and escalation by role, drawn. */
    charts: (ms: number): Promise<Chart[]> => chartsOf(parts, ms),
    /** Has the figures sent to somebody with their pictures, which takes longer than an answer may. */
    async order(asked: Omit<OrderedFigures, 'id'>): Promise<void> {
      const id = newId('fig', clock.now())
      await addJob(database, { kind: 'figures', payload: { id, ...asked }, lane: null, due_at: clock.now() })
      work.raise()
    },
    /** What there was since the beginning, as Prometheus reads it. */
    async exposition(): Promise<string> {
      await folding.catchUp()
      return exposition(await readExposed(parts))
    },
  }
}

/** Whom figures are sent to, a Slack user, and which. `words` is the window as they typed it. */
export type OrderedFigures = { id: string; to: string; ms: number; by: By | null; words: string }

export type Metrics = ReturnType<typeof createMetrics>
