import { exportLines, verifierKeys, type Progress } from './export.ts'
import { markWitnessed } from '../store/log.ts'
import { newestCheckpoint, readLog } from '../store/log-reading.ts'
import { createSealing, type Sealing } from './log/sealing.ts'
import { sealPass, type SealerParts } from './log/seal.ts'
import { readSpan, type Span } from './moment.ts'
import { readEvents, type AuditEvent } from './read.ts'
import { highlightsOf, type Highlight } from './highlights.ts'
import { printed } from './printed.ts'
import { tell } from './story.ts'

export type { AuditEvent } from './read.ts'
export type { Highlight } from './highlights.ts'
export { openCheckpointFile } from './log/checkpoint-file.ts'
export { readVerifierKey } from './log/note.ts'
export { verifyExport, type Verified } from './verify/verify.ts'
export { readWitnessed } from './verify/witness.ts'

/** The audit log: read, sealed, taken along. */
export type Audit = {
  /** As they were recorded, for the app itself. */
  events(approval_id: string): Promise<AuditEvent[]>
  /** Without the secrets in them, to be printed. */
  printed(approval_id: string): Promise<AuditEvent[]>
  /** The events as sentences, a line each, for somebody who was not there. */
  story(approval_id: string): Promise<string[]>
  /** What people did and what time did, the last of it, as sentences. */
  highlights(approval_id: string): Promise<Highlight[]>
  /** A span of time as people write it; or why not, in words. */
  span(typed: { since: string | null; until: string | null }): Span | { refused: string }
  /** Seals what is not sealed yet, and then gives the lines of an export. */
  export(span: Span, onProgress: (progress: Progress) => void): AsyncGenerator<string>
  /** The keys that checkpoints were ever signed with, as a verifier takes them, the newest last. */
  verifierKeys(): Promise<string[]>
  /** The newest checkpoint, where it has not been shown to people yet; `shown_before` is the size of the one that was last. */
  checkpointToShow(): Promise<{ size: number; note: string; shown_before: number } | null>
  checkpointShown(size: number): Promise<void>
  sealing(with_parts: Omit<Parameters<typeof createSealing>[0], keyof SealerParts>): Sealing
}

export function createAudit(parts: SealerParts): Audit {
  const { database } = parts
  const events = (approval_id: string) => readEvents(database, approval_id)
  return {
    events,
    printed: async (approval_id) => (await events(approval_id)).map(printed),
    story: async (approval_id) => (await events(approval_id)).map(tell),
    highlights: async (approval_id) => highlightsOf(await events(approval_id)),
    span: (typed) => readSpan(typed, parts.clock.now()),
    async *export(span, onProgress) {
      while ((await sealPass(parts)).more);
      yield* exportLines(parts, span, onProgress)
    },
    verifierKeys: async () => verifierKeys(database, (await readLog(database)).origin),
    async checkpointToShow() {
      const [newest, { witnessed }] = await Promise.all([newestCheckpoint(database), readLog(database)])
      return newest && newest.size > witnessed ? { ...newest, shown_before: witnessed } : null
    },
    checkpointShown: (size) => markWitnessed(database, size),
    sealing: (more) => createSealing({ ...parts, ...more }),
  }
}
