import { createFolding } from './folding.ts'
import { exposition } from './prometheus.ts'
import { readExposed } from './exposed.ts'
import type { By } from './measures.ts'
import type { ReadParts } from './read.ts'
import { reportOf } from './report.ts'

export { readAsked } from './asked.ts'
export { reportCsv } from './csv.ts'
export { reportLines } from './text.ts'
export { measuresBy, type By, type Measure } from './measures.ts'
export { readWindow, usualWindow } from './window.ts'

/** What the numbers are, and how they are kept. */
export function createMetrics(parts: ReadParts) {
  const folding = createFolding(parts)
  return {
    folding,
    /** The figures of the last `ms` milliseconds; `agent` is a name, for its own alone. */
    async report(asked: { agent: string | null; by: By | null; ms: number }) {
      await folding.catchUp()
      return reportOf(parts, asked)
    },
    /** What there was since the beginning, as Prometheus reads it. */
    async exposition(): Promise<string> {
      await folding.catchUp()
      return exposition(await readExposed(parts))
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>
