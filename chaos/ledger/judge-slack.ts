import type { Answer, FinalCard } from '../world/slack-messages.ts'
import type { Stored } from './audit.ts'
import { promises, type Breach } from './judge-approval.ts'
import type { Ledger } from './ledger.ts'

/**
 * Clicks that got no acknowledgement are what kills and cuts are made of: counted, and excused where something was
 * broken. Whatever else the sandbox complains of is a fault of the app.
 */
const noAnswer = new Set(['not_acknowledged', 'not_acknowledged_in_3s'])

/** A trigger that ran out, or was lost on the way, while something was broken. */
const lateTrigger = new Set(['expired_trigger_id', 'exchanged_trigger_id'])

/** What a replica says that has no database at this moment, or that has seen this very request before its connection broke. */
const expected = /answered (503|401)|ECONNRE|socket hang up|no answer in|EPIPE/

/**
 * Judges the sandbox's complaints, and returns what judges the cards of one approval. A card beyond the one that the app
 * knows is a duplicate: Slack has no idempotency key, so that they are counted.
 */
export function judgeSlack(
  { cards, complaints, told }: Answer['report'],
  ledger: Ledger,
): (stored: Stored) => Breach[] {
  for (const { at, what, detail } of complaints) {
    ledger.count(`complaints: ${what}${noAnswer.has(what) ? `: ${detail.replace(/^.*?: /, '')}` : ''}`)
    const time = Date.parse(at)
    const broken = ledger.wasBroken(time - 3_500, time)
    const excused = (noAnswer.has(what) && expected.test(detail)) || lateTrigger.has(what)
    if (!excused || !broken) ledger.faults.push(`the sandbox complains: ${what}: ${detail}`)
  }
  Object.assign(ledger.told, told)
  const byApproval = new Map<string, FinalCard[]>()
  for (const card of cards)
    byApproval.set(card.approval_id, [...(byApproval.get(card.approval_id) ?? []), card])
  ledger.count('cards', cards.length)

  return (stored) => {
    const posted = byApproval.get(stored.id) ?? []
    const places = new Set(posted.map(({ stage, channel }) => `${stage} ${channel}`))
    ledger.count('duplicate cards', posted.length - places.size)
    if (posted.length === 0 && stored.events[0]?.data['plan'] && stored.status === 'expired')
      ledger.count('expired without ever having a card')
    const breach = (what: string) => ({ promise: promises[5], approval_id: stored.id, what })
    return [...shownAt(stored)].flatMap(([place, ts]) => {
      const card = posted.find((each) => `${each.stage} ${each.channel}` === place && each.ts === ts)
      if (!card) return [breach(`the card of ${place} is not where the app says`)]
      return card.open ? [breach(`the card of ${place} still has its buttons`)] : []
    })
  }
}

/** Stage and channel → where the audit says that the card is, at the last. */
function shownAt({ events }: Stored): Map<string, string> {
  const cards = events.filter(({ type }) => type === 'card.posted')
  return new Map(
    cards.map(({ data }) => [`${String(data['stage'])} ${String(data['channel'])}`, String(data['ts'])]),
  )
}
