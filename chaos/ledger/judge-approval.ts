import { owners } from '../world/workspace.ts'
import type { AuditEvent, Stored } from './audit.ts'
import { endOf, unlawful } from './lawful.ts'
import type { Click, Entry, Ledger, Received } from './ledger.ts'

/** The promises, as the lines of the verdict. */
export const promises = [
  'every acknowledged approval has ended, and agents are told the same end',
  'decided once, by a lawful path',
  'every callback arrived: one id, one body, well signed',
  'every answered click is in the audit',
  'the events of an approval are numbered without gaps',
  'every card shows the end',
] as const
export type Promised = (typeof promises)[number]

export type Breach = { promise: Promised; approval_id: string; what: string }

/** Compares one approval's records with the ledger. */
export function judgeApproval(entry: Entry, stored: Stored, ledger: Ledger, tempo: number): Breach[] {
  const { events, id } = stored
  const owner = owners[entry.intent.agent % owners.length] ?? ''
  const end = endOf(events)
  const breach = (promise: Promised) => (what: string) => ({ promise, approval_id: id, what })
  return [
    ...badEnd(entry, stored, end).map(breach(promises[0])),
    ...unlawful(entry, events, owner, tempo).map(breach(promises[1])),
    ...badCallback(entry, stored, end, ledger.received.get(id)).map(breach(promises[2])),
    ...lostClicks(entry.clicks, events, ledger).map(breach(promises[3])),
    ...gaps(events).map(breach(promises[4])),
  ]
}

function gaps(events: AuditEvent[]): string[] {
  return events.flatMap(({ seq }, place) =>
    seq === place + 1 ? [] : [`event ${place + 1} has the number ${seq}`],
  )
}

function badEnd(entry: Entry, stored: Stored, end: string | null): string[] {
  const wrong: string[] = []
  if (stored.status !== end) wrong.push(`is ${stored.status}, and its audit says ${end}`)
  for (const told of entry.ends) if (told !== end) wrong.push(`an agent was told ${told}, and it is ${end}`)
  if (entry.cancel?.answer === 'cancelled' && end !== 'cancelled')
    wrong.push(`its cancel was acknowledged, and it is ${end}`)
  if (entry.cancel?.answer === 'already decided' && end === 'cancelled')
    wrong.push('its cancel was refused as too late, and it is cancelled')
  return wrong
}

function badCallback(entry: Entry, stored: Stored, end: string | null, received?: Received): string[] {
  if (!entry.intent.calls_back) return received ? ['a callback came that was not asked for'] : []
  if (!received || received.taken === 0) return ['no callback arrived']
  const wrong = [...received.wrong]
  if (received.bodies.size !== 1) wrong.push(`${received.bodies.size} webhook-ids`)
  for (const [webhook_id, bodies] of received.bodies)
    if (bodies.size !== 1) wrong.push(`${bodies.size} bodies with ${webhook_id}`)
  const told = [...received.ends].join()
  if (told !== `approval.${end} ${end}`) wrong.push(`the callback tells ${told}, and it is ${end}`)
  const open = stored.callbacks.filter(({ status }) => status !== 'delivered')
  if (open.length > 0) wrong.push(`${open.length} callbacks are ${open[0]?.status} in the end`)
  return wrong
}

const clickEvents = new Set(['vote.cast', 'click.refused', 'form.opened'])

/** A private answer that comes later than that is not about the click. */
const wordsMs = 6_000

/**
 * What was acknowledged must be in the audit: as many events of this person as clicks and forms of theirs were
 * acknowledged. A click that comes while the database cannot be reached cannot be written down anywhere: then it must
 * have been such a time, and the person must have been told so.
 */
function lostClicks(clicks: Click[], events: AuditEvent[], ledger: Ledger): string[] {
  const wrong: string[] = []
  for (const who of new Set(clicks.map((click) => click.who))) {
    const answered = clicks.filter((click) => click.who === who && click.acked)
    const kept = events.filter(({ type, actor }) => clickEvents.has(type) && actor.slack_user_id === who)
    const lost = answered.length - kept.length
    if (lost <= 0) continue
    const told = (click: Click) =>
      click.told_in_form ||
      (ledger.told[who] ?? []).some((at) => at >= click.began && at <= click.ended + wordsMs)
    const excused = answered.filter((click) => ledger.wasBroken(click.began, click.ended) && told(click))
    ledger.count('clicks answered with an apology', Math.min(lost, excused.length))
    if (lost <= excused.length) continue
    const said = answered.map(({ what, began, ended }) => `${what} ${iso(began)} to ${iso(ended)}`)
    const held = kept.map(({ type, at }) => `${type} ${at}`)
    wrong.push(`${who} did [${said.join(', ')}], and the audit has [${held.join(', ')}]`)
  }
  return wrong
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
