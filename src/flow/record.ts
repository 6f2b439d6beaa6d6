import { rolesIn, type Approval } from '../approval/approval.ts'
import { cardsOf } from '../approval/cards.ts'
import type { Effect } from '../approval/decide.ts'
import type { Actor, Fact } from '../approval/events.ts'
import { shape } from '../approval/shape.ts'
import { cardLane, tellings, type Channels } from './telling.ts'
import { newId } from '../platform/ids.ts'
import type { Consequences, EventRow, NewJob } from '../store/consequences.ts'

/** The JSON text of one audit event: what is stored, hashed and exported is these bytes. */
export function eventText(event: {
  approval_id: string | null
  seq: number | null
  type: string
  at: Date
  actor: Actor
  data: object
}): string {
  const { approval_id, seq, type, at, actor, data } = event
  return JSON.stringify({ approval_id, seq, type, at, actor, data })
}

export function eventRows(approval_id: string, facts: Fact[], next_seq: number, at: Date): EventRow[] {
  return facts.map((fact, index) => {
    const seq = next_seq + index
    return {
      seq,
      type: fact.type,
      person: personIn(fact),
      body: eventText({ approval_id, seq, type: fact.type, at, actor: fact.actor, data: fact.data }),
    }
  })
}

/** Whom the event is found by: who did it, or on whose behalf an agent asked, as it says. */
function personIn(fact: Fact): string | null {
  return fact.type === 'approval.requested' ? fact.data.on_behalf_of : personOf(fact.actor)
}

/** The Slack user who did it; null where nobody in Slack did. */
export function personOf(actor: Actor): string | null {
  return actor.type === 'human' ? actor.slack_user_id : null
}

/** The next try of a callback. In a lane, so that two tries of one callback never run side by side. */
export function callbackJob(callback_id: string, due_at: Date): NewJob {
  return { kind: 'callback', payload: { callback_id }, lane: `callback:${callback_id}`, due_at }
}

/** What must be written with `next`: its audit events, and a job for each thing that has to happen because of it. */
export function consequencesOf(
  channels: Channels,
  next: Approval,
  facts: Fact[],
  effects: Effect[],
  next_seq: number,
  at: Date,
): Consequences {
  const jobs: NewJob[] = []
  const callbacks: Consequences['callbacks'] = []
  for (const effect of effects) {
    switch (effect.do) {
      case 'show_cards':
        for (const card of cardsOf(next)) {
          const payload = { approval_id: next.id, ...card }
          jobs.push({ kind: 'card', payload, lane: cardLane(channels, next.id, card), due_at: at })
        }
        break
      case 'set_timer':
        jobs.push({
          kind: 'timer',
          payload: { approval_id: next.id, step: effect.step },
          lane: null,
          due_at: effect.at,
        })
        break
      case 'call_back': {
        if (next.callback_url === null) break
        const id = newId('msg', at)
        // Frozen here: every try sends these bytes.
        const question = effect.type === 'approval.question' ? { question: effect.question } : {}
        const body = JSON.stringify({
          type: effect.type,
          timestamp: at,
          data: { ...shape(next), ...question },
        })
        callbacks.push({ id, type: effect.type, url: next.callback_url, body })
        jobs.push(callbackJob(id, at))
        break
      }
    }
  }
  facts.forEach((fact, index) => jobs.push(...tellings(channels, next, fact, next_seq + index, at)))
  const readers = effects.some((effect) => effect.do === 'show_cards') ? readersOf(next) : null
  return { events: eventRows(next.id, facts, next_seq, at), jobs, callbacks, readers }
}

/** Whose Homes show an approval: those who may decide on it, and those who have. */
function readersOf(approval: Approval): Consequences['readers'] {
  const voters = approval.stages.flatMap(({ votes }) => votes.map(({ by }) => by.slack_user_id))
  const { decision } = approval
  const alone = decision?.by.type === 'human' ? [decision.by.slack_user_id] : []
  return { roles: rolesIn(approval), people: [...new Set([...voters, ...alone])] }
}
