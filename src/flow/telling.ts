import type { Approval } from '../approval/approval.ts'
import { cardsOf, cardsOfStage, type CardOf } from '../approval/cards.ts'
import type { Actor, Fact } from '../approval/events.ts'
import type { NewJob } from '../store/consequences.ts'

/** In which channels the roles are. */
export type Channels = { role(name: string): { channel: string } | null }

/** What has to be known of an approval to tell of it. */
type Told = Pick<Approval, 'id' | 'stages' | 'decision' | 'edited'>

/** Who gets a direct message about an event. */
export type Audience = 'owner' | 'admins'

/** The jobs that tell people of an audit event. `approval` is as the event left it. */
export function tellings(channels: Channels, approval: Told, fact: Fact, seq: number, at: Date): NewJob[] {
  return [...lines(channels, approval, fact, seq, at), ...directly(approval.id, fact, seq, at)]
}

/** A line in the thread of each of the stage's cards, or of what concerns all of it, of the newest card in each channel. */
function lines(...[channels, approval, fact, seq, at]: Parameters<typeof tellings>): NewJob[] {
  const ofCards = (cards: CardOf[]) =>
    cards.map((card): NewJob => ({
      kind: 'line',
      payload: { approval_id: approval.id, ...card, seq },
      // In its card's lane, so that the card is there before its thread.
      lane: cardLane(channels, approval.id, card),
      due_at: at,
    }))
  switch (fact.type) {
    case 'vote.cast':
      return isToldWithMore(approval, fact.actor, at) ? [] : ofCards(cardsOfStage(approval, fact.data.stage))
    case 'step.reminded':
    case 'step.mentioned':
    case 'step.escalated':
    case 'step.required':
    case 'step.warned':
    case 'approval.extended':
    case 'stage.unreachable':
    case 'approval.assigned':
    case 'question.asked':
      return ofCards(cardsOfStage(approval, fact.data.stage))
    case 'question.answered':
    case 'outcome.reported':
    case 'action.edited':
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired':
    case 'approval.cancelled':
    case 'approval.withdrawn':
    case 'approval.frozen':
    case 'approval.thawed':
      return ofCards([
        ...new Map(cardsOf(approval).map((card) => [channelOf(channels, card), card])).values(),
      ])
    default:
      return []
  }
}

/** The vote that ended it all is told with the end, and that of who edited with the edit. */
function isToldWithMore({ decision, edited }: Told, actor: Actor, at: Date): boolean {
  if (actor.type !== 'human') return false
  const same = (by: { slack_user_id: string }, then: Date) =>
    by.slack_user_id === actor.slack_user_id && then.getTime() === at.getTime()
  return (
    (decision?.by.type === 'human' && same(decision.by, decision.at)) ||
    (edited !== null && same(edited.by, edited.at))
  )
}

/** Messages to whom it concerns, beside the cards. */
export function directly(approval_id: string, fact: Fact, seq: number, at: Date): NewJob[] {
  const job = (kind: string, payload: NewJob['payload']): NewJob => ({
    kind,
    payload: { approval_id, seq, ...payload },
    lane: null,
    due_at: at,
  })
  const direct = (to: Audience) => job('direct', { to })
  switch (fact.type) {
    case 'stage.unreachable':
      return [direct('admins')]
    case 'glass.broken':
      return [direct('admins'), job('announce', {})]
    case 'approval.expired':
      return [direct('owner')]
    case 'approval.rejected':
      return fact.actor.type === 'timeout' ? [direct('owner')] : []
    case 'callback.tried':
      return fact.data.callback_status === 'failed' ? [direct('owner')] : []
    case 'question.asked':
      // It gets its callback where it can be called.
      return fact.data.called ? [] : [direct('owner')]
    case 'outcome.missed':
    case 'flood.began':
      return [direct('owner')]
    default:
      return []
  }
}

/**
 * What is shown of one approval in one channel is shown in order: a card before its thread, the newest state last. What is
 * the matter with one channel, as that it takes no cards, holds up no other.
 */
export function cardLane(channels: Channels, approval_id: string, card: CardOf): string {
  return `slack:${approval_id}:${channelOf(channels, card)}`
}

function channelOf(channels: Channels, { role }: CardOf): string {
  return channels.role(role)?.channel ?? role
}
