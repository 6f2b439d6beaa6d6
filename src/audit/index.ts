import { exportLines, verifierKeys, type Progress } from './export.ts'
import { markWitnessed } from '../store/log.ts'
import { newestCheckpoint, readLog } from '../store/log-reading.ts'
import { createSealing, type Sealing } from './log/sealing.ts'
import { sealPass, type SealerParts } from './log/seal.ts'
import { readSpan, type Span } from './moment.ts'
import { readEvents, type AnyEvent, type AuditEvent } from './read.ts'
import { search, type Searched } from './search.ts'
import { highlightsOf, type Highlight } from './highlights.ts'
import { printed } from './printed.ts'
import { tell, tellFound } from './story.ts'

export type { AnyEvent, AuditEvent } from './read.ts'
export type { Highlight } from './highlights.ts'
export type { Searched } from './search.ts'
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
  /**
   * Searches all events, the newest first: as they are printed, without the secrets in them, and as sentences that name their
   * approval. `more` and `bounded` are as in `SearchResult`. Or why not, in words.
   */
  search(by: Searched, limit: number): Promise<Found | { refused: string }>
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

export type Found = { events: AnyEvent[]; lines: string[]; more: boolean; bounded: boolean }

export function createAudit(parts: SealerParts): Audit {
  const { database } = parts
  const events = (approval_id: string) => readEvents(database, approval_id)
  return {
    events,
    printed: async (approval_id) => (await events(approval_id)).map(printed),
    story: async (approval_id) => (await events(approval_id)).map(tell),
    async search(by, limit) {
      const found = await search(parts, by, limit)
      if ('refused' in found) return found
      return { ...found, events: found.events.map(printed), lines: found.events.map(tellFound) }
    },
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
