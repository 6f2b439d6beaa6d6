import type { AdminRecorded } from '../approval/admin-events.ts'
import { eventText, personOf } from '../flow/record.ts'
import type { NewEvent } from '../store/chain.ts'
import type { By } from './index.ts'

/** The audit event of something that an admin did. */
export function adminEvent<Type extends keyof AdminRecorded>(
  type: Type,
  actor: By,
  at: Date,
  data: AdminRecorded[Type],
): NewEvent {
  return {
    type,
    person: personOf(actor),
    body: eventText({ approval_id: null, seq: null, type, at, actor, data }),
  }
}
