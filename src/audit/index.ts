import { createSealing, type Sealing } from './log/sealing.ts'
import type { SealerParts } from './log/seal.ts'
import { readEvents, type AuditEvent } from './read.ts'
import { highlightsOf, type Highlight } from './highlights.ts'
import { tell } from './story.ts'

export type { AuditEvent } from './read.ts'
export type { Highlight } from './highlights.ts'

/** The audit log: read, sealed. */
export type Audit = {
  events(approval_id: string): Promise<AuditEvent[]>
  /** The events as sentences, a line each, for somebody who was not there. */
  story(approval_id: string): Promise<string[]>
  /** What people did and what time did, the last of it, as sentences. */
  highlights(approval_id: string): Promise<Highlight[]>
  sealing(with_parts: Omit<Parameters<typeof createSealing>[0], keyof SealerParts>): Sealing
}

export function createAudit(parts: SealerParts): Audit {
  const events = (approval_id: string) => readEvents(parts.database, approval_id)
  return {
    events,
    story: async (approval_id) => (await events(approval_id)).map(tell),
    highlights: async (approval_id) => highlightsOf(await events(approval_id)),
    sealing: (more) => createSealing({ ...parts, ...more }),
  }
}
