import { createFolding } from './folding.ts'
import type { By } from './measures.ts'
import type { ReadParts } from './read.ts'
import { reportOf } from './report.ts'

export { readAsked } from './asked.ts'
export { reportCsv } from './csv.ts'
export { reportLines } from './text.ts'

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
  }
}

export type Metrics = ReturnType<typeof createMetrics>
