import { eventText } from '../flow/record.ts'
import type { By } from './index.ts'

/** The audit event of something that an admin did. */
export function adminEvent(
  type: `${'agent' | 'policy' | 'freeze' | 'job' | 'key'}.${string}`,
  actor: By,
  at: Date,
  data: object,
): { type: string; body: string } {
  return { type, body: eventText({ approval_id: null, seq: null, type, at, actor, data }) }
}
