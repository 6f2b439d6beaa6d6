import type { KnownBlock } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { reveal } from '../../approval/reveal.ts'
import type { AuditEvent } from '../../audit/index.ts'
import type { Rendered } from '../posts.ts'
import { fit, limits } from './limits.ts'
import { escapeMrkdwn, plain, richText } from './text.ts'

/** By this event_type what is told of an event is found again. */
export const lineEvent = 'countersign_line'

/**
 * An event, told to people. `words` are ours, and mrkdwn. What somebody else wrote stands `below` them as plain text, or in a `quote`: it cannot
 * format itself.
 */
export function message(
  approval: Approval,
  event: AuditEvent,
  words: string | null,
  below: string | null = null,
  { quote }: { quote: string | null } = { quote: null },
): Rendered | null {
  if (words === null) return null
  const theirs = [below, quote].flatMap((text) => (text === null ? [] : [escapeMrkdwn(text)]))
  return {
    text: fit([words, ...theirs].join('\n'), limits.fallback_text),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: words, verbatim: true } },
      ...noteOf(below),
      ...quoteOf(quote),
    ],
    metadata: { event_type: lineEvent, event_payload: { approval_id: approval.id, seq: event.seq } },
  }
}

export function noteOf(text: string | null): KnownBlock[] {
  return text === null
    ? []
    : [{ type: 'context', elements: [{ type: 'plain_text', text: fit(text, 2_000), emoji: false }] }]
}

function quoteOf(text: string | null): KnownBlock[] {
  return text === null ? [] : [richText({ type: 'rich_text_quote', elements: [plain(text)] })]
}

export function actorName(event: AuditEvent): string {
  return event.actor.type === 'human' ? escapeMrkdwn(reveal(event.actor.name)) : 'Somebody'
}
