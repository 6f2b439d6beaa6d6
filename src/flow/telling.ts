import type { Fact } from '../approval/events.ts'
import type { NewJob } from '../store/consequences.ts'

/** Who gets a direct message about an event. */
export type Audience = 'owner' | 'admins'

/** The jobs that tell people of an audit event: a line in the threads of the stage's cards, or a direct message. */
export function tellings(approval_id: string, fact: Fact, seq: number, at: Date): NewJob[] {
  const line = (stage: number): NewJob => ({
    kind: 'line',
    payload: { approval_id, stage, seq },
    // In the cards' lane, so that the card is there before its thread.
    lane: slackLane(approval_id),
    due_at: at,
  })
  const direct = (to: Audience): NewJob => ({
    kind: 'direct',
    payload: { approval_id, seq, to },
    lane: null,
    due_at: at,
  })
  switch (fact.type) {
    case 'step.reminded':
    case 'step.mentioned':
    case 'step.escalated':
    case 'step.required':
    case 'step.warned':
    case 'approval.extended':
      return [line(fact.data.stage)]
    case 'stage.unreachable':
      return [line(fact.data.stage), direct('admins')]
    case 'glass.broken':
      return [
        direct('admins'),
        { kind: 'announce', payload: { approval_id, seq }, lane: slackLane(approval_id), due_at: at },
      ]
    case 'approval.expired':
      return [direct('owner')]
    case 'approval.rejected':
      return fact.actor.type === 'timeout' ? [direct('owner')] : []
    case 'callback.tried':
      return fact.data.callback_status === 'failed' ? [direct('owner')] : []
    default:
      return []
  }
}

/** What is shown of one approval in Slack is shown in order: cards before their threads, the newest state last. */
export function slackLane(approval_id: string): string {
  return `slack:${approval_id}`
}
