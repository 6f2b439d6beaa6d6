import type { Approval } from '../../approval/approval.ts'
import { reveal } from '../../approval/reveal.ts'
import { said } from '../../approval/shown.ts'
import type { AuditEvent } from '../../audit/index.ts'
import type { Rendered } from '../posts.ts'
import { headline } from './headline.ts'
import { actorName, message } from './message.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

/** A direct message about an event: to the agent's owner, or to the admins. Null where there is nothing to say. */
export function direct(approval: Approval, event: AuditEvent): Rendered | null {
  const about = headline(approval, 150)
  const below = event.type === 'question.asked' ? `${about}\n❓ ${said(event.data.text)}` : about
  return message(approval, event, directWords(approval, event), below)
}

function directWords(approval: Approval, event: AuditEvent): string | null {
  const what = whatIsAsked(approval)
  switch (event.type) {
    case 'approval.expired':
      return `⌛ Nobody decided in time: ${what} has expired.`
    case 'approval.rejected':
      return `⌛ Nobody decided in time: ${what} was rejected, as its rule says.`
    case 'glass.broken':
      return glassWords(approval, event)
    case 'stage.unreachable':
      return `⚠ Nobody can decide ${what}: ${escapeMrkdwn(event.data.why)}. Please mend the role or its channel; \`/countersign show ${approval.id}\` shows the request.`
    case 'flood.began':
      return `🌊 Your agent ${escapeMrkdwn(reveal(approval.agent.name))} asks a lot at once: more than ${event.data.most} requests in <#${event.data.channel}> within a minute. What comes on top is gathered on one card there; nothing is lost. If it is not meant to ask that much, an admin can freeze it. The first of them:`
    case 'question.asked':
      return `❓ ${actorName(event)} has a question about ${what}, and your agent left no address where it could be told. Say it in the thread of its card, or have the agent answer \`${event.data.question_id}\`.`
    case 'outcome.missed':
      // It may have come while this waited.
      return approval.outcome === null
        ? `❔ Your agent has not said what came of ${what}, which was approved ${dateToken(approval.decided_at ?? approval.created_at)}. Its permit was ${event.data.execution_id === null ? 'not used' : 'used'}.`
        : null
    case 'callback.tried':
      return `📭 Your agent could not be told about ${what}: its server did not take the callback, and it was given up. An admin can send it again with \`/countersign redeliver ${approval.id}\`.`
    default:
      return null
  }
}

/** What admins and every channel of the plan are told when somebody approved alone. */
export function glassBroken(approval: Approval, event: AuditEvent): Rendered | null {
  if (event.type !== 'glass.broken') return null
  return message(approval, event, glassWords(approval, event), headline(approval, 150))
}

function glassWords(approval: Approval, event: Extract<AuditEvent, { type: 'glass.broken' }>): string {
  const { left, reason } = event.data
  return `🚨 *Break glass*: ${actorName(event)} approved ${whatIsAsked(approval)} alone, in the place of ${left.join(' and ')}: “${escapeMrkdwn(said(reason))}”.`
}

function whatIsAsked({ id, agent }: Approval): string {
  return `\`${id}\` of the agent ${escapeMrkdwn(reveal(agent.name))}`
}
