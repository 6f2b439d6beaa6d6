import type { Approval } from '../../approval/approval.ts'
import type { AuditEvent } from '../../audit/index.ts'
import type { Rendered } from '../posts.ts'
import { headline } from './headline.ts'
import type { Awaited } from './line.ts'
import { fit, limits } from './limits.ts'
import { lineEvent, noteOf } from './message.ts'
import { escapeMrkdwn } from './text.ts'

/** What the thread of a flood is told of a step that many of its requests take at about the same time. */
export function floodLine(
  flood_id: string,
  waiting: number,
  event: AuditEvent,
  { mention }: Pick<Awaited, 'mention'>,
): Rendered | null {
  if (waiting === 0) return null
  const many = waiting === 1 ? '1 request waits' : `${waiting.toLocaleString('en')} requests wait`
  const words = () => {
    switch (event.type) {
      case 'step.reminded':
        return `⏰ Here ${many} still for ${event.data.roles.join(' or ')}.`
      case 'step.mentioned':
        return `🔔 ${mention ?? event.data.roles.join(' or ')}: here ${many} still for you.`
      case 'step.escalated':
        return `⤴ *${event.data.to}* is asked too. What is decided here counts as before.`
      default:
        return null
    }
  }
  const text = words()
  if (text === null || !('level' in event.data)) return null
  const step = `${event.type}:${event.data.stage}:${event.data.level}`
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
    metadata: { event_type: lineEvent, event_payload: { flood_id, step } },
  }
}

/** A line that says which request it is about. */
export function naming(approval: Approval, { text, blocks, ...rest }: Rendered): Rendered {
  const about = headline(approval, 150)
  const words = fit(`${escapeMrkdwn(about)}\n${text}`, limits.fallback_text)
  return { text: words, blocks: [...noteOf(about), ...blocks], ...rest }
}
