import type { Json } from '../approval/approval.ts'
import type { Fact } from '../approval/events.ts'
import type { Database } from '../store/database.ts'
import { listEvents } from '../store/events.ts'

/** One audit event as it was recorded, read from its JSON: dates are texts, RFC 3339 UTC. */
export type AuditEvent = JsonOf<Fact> & { approval_id: string; seq: number; at: string }

type JsonOf<T> = T extends Date
  ? string
  : T extends Json
    ? T
    : T extends object
      ? { [K in keyof T]: JsonOf<T[K]> }
      : T

/** An approval's events in their order; empty where there is no such approval. */
export async function readEvents(database: Database, approval_id: string): Promise<AuditEvent[]> {
  return (await listEvents(database, approval_id)).map((body) => JSON.parse(body) as AuditEvent)
}
