import type { Database } from '../store/database.ts'
import { readEvents, type AuditEvent } from './read.ts'
import { highlightsOf, type Highlight } from './highlights.ts'
import { printed } from './printed.ts'
import { tell } from './story.ts'

export type { AuditEvent } from './read.ts'
export type { Highlight } from './highlights.ts'

/** The audit log, to be read. */
export type Audit = {
  /** As they were recorded, for the app itself. */
  events(approval_id: string): Promise<AuditEvent[]>
  /** Without the secrets in them, to be printed. */
  printed(approval_id: string): Promise<AuditEvent[]>
  /** The events as sentences, a line each, for somebody who was not there. */
  story(approval_id: string): Promise<string[]>
  /** What people did and what time did, the last of it, as sentences. */
  highlights(approval_id: string): Promise<Highlight[]>
}

export function createAudit(database: Database): Audit {
  const events = (approval_id: string) => readEvents(database, approval_id)
  return {
    events,
    printed: async (approval_id) => (await events(approval_id)).map(printed),
    story: async (approval_id) => (await events(approval_id)).map(tell),
    highlights: async (approval_id) => highlightsOf(await events(approval_id)),
  }
}
