import type { AdminRecorded } from '../approval/admin-events.ts'
import type { Json } from '../approval/approval.ts'
import type { Actor, Fact } from '../approval/events.ts'
import type { Database } from '../store/database.ts'
import { listEvents } from '../store/events.ts'

/** One audit event of an approval as it was recorded, read from its JSON: dates are texts, RFC 3339 UTC. */
export type AuditEvent = JsonOf<Fact> & { approval_id: string; seq: number; at: string }

/** One of no approval: what an admin did. */
export type AdminEvent = JsonOf<
  {
    [Type in keyof AdminRecorded]: { type: Type; actor: Actor; data: AdminRecorded[Type] }
  }[keyof AdminRecorded]
> & { approval_id: null; seq: null; at: string }

/** Any that was ever recorded. */
export type AnyEvent = AuditEvent | AdminEvent

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
