import type { Actor, EventType } from '../approval/events.ts'
import type { JsonObject } from '../approval/approval.ts'
import type { Database } from '../store/database.ts'
import { listEvents } from '../store/events.ts'

/** One audit event as it was recorded. `at` is RFC 3339 UTC. */
export type AuditEvent = {
  approval_id: string | null
  seq: number | null
  type: EventType
  at: string
  actor: Actor
  data: JsonObject
}

/** An approval's events in their order; empty where there is no such approval. */
export async function readEvents(database: Database, approval_id: string): Promise<AuditEvent[]> {
  return (await listEvents(database, approval_id)).map((body) => JSON.parse(body) as AuditEvent)
}
