import type { EventType } from '../approval/events.ts'
import type { AuditEvent } from './read.ts'
import { sentence } from './story.ts'

/** Something that happened, in words. */
export type Highlight = { at: Date; words: string }

/** How many are told: nobody reads what somebody who clicks a hundred times was answered. */
const most = 50

/** What else is in the audit is how it was carried out, or is shown elsewhere. */
const left: ReadonlySet<EventType> = new Set([
  'approval.requested',
  'card.posted',
  'card.updated',
  'card.unclear',
  'callback.tried',
  'auditor.repaired',
  'form.opened',
])

export function highlightsOf(events: AuditEvent[]): Highlight[] {
  const told = events.filter(({ type }) => !left.has(type))
  const missing = told.length - most
  const highlights = told
    .slice(-most)
    .map((event): Highlight => ({ at: new Date(event.at), words: sentence(event) }))
  const first = highlights[0]
  if (missing <= 0 || !first) return highlights
  return [{ at: first.at, words: `Before that, ${missing} more, which the audit has` }, ...highlights]
}
