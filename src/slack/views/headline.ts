import { isEdited } from '../../approval/effective.ts'
import { shownSummary, type RawApproval } from '../../approval/shown.ts'
import { fit } from './limits.ts'
import { isolated } from './text.ts'

/** What our own cards say things with. In a summary they stand in brackets, so that none looks like a card's state. */
const ourMarks =
  /[\u2300-\u27BF\u2B00-\u2BFF\u25A0-\u25FF\u{1F512}\u{1F6AB}\u{1F6D1}\u{1F9CA}\u{1F4ED}\u{1F6A8}\u{1F514}]\uFE0F?/gu

/**
 * What it is about, on one line: the agent's summary in quotation marks, as nobody vouches for it, or the tool's name where
 * it gave none. A summary is of what was asked for at first: that it was edited since stands before it. Plain text, at most
 * `limit` characters.
 */
export function headline(approval: RawApproval, limit: number): string {
  const summary = shownSummary(approval)
  const edited = isEdited(approval) ? 'Edited: ' : ''
  if (summary === null) return fit(`${edited}Run ${approval.action.tool}`, limit)
  const line = summary.replace(/\s+/g, ' ').trim().replace(ourMarks, '⟨$&⟩')
  return `${edited}“${isolated(fit(line, limit - 4 - edited.length))}”`
}
