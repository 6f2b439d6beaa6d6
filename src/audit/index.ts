import type { Database } from '../store/database.ts'
import { readEvents, type AuditEvent } from './read.ts'
import { tell } from './story.ts'

export type { AuditEvent } from './read.ts'

/** The audit log, to be read. */
export type Audit = {
  events(approval_id: string): Promise<AuditEvent[]>
  /** The events as sentences, a line each, for somebody who was not there. */
  story(approval_id: string): Promise<string[]>
}

export function createAudit(database: Database): Audit {
  const events = (approval_id: string) => readEvents(database, approval_id)
  return { events, story: async (approval_id) => (await events(approval_id)).map(tell) }
}
