import type { Approval } from '../approval/approval.ts'
import type { CardOf } from '../approval/cards.ts'
import type { Fact } from '../approval/events.ts'
import { newId } from '../platform/ids.ts'
import { addOnce } from '../store/add-jobs.ts'
import { appendEvents } from '../store/append-events.ts'
import {
  findFlood,
  findGathered,
  isFlooding,
  joinFlood,
  listWaiting,
  openGathered,
  type GatheredRow,
} from '../store/floods.ts'
import type { FlowParts } from './flow.ts'
import { eventRows } from './record.ts'
import { cardLane, directly } from './telling.ts'

export type { FloodCounts, FloodMember, FloodRow } from '../store/floods.ts'

/** A card that may be one too many in its channel, which all of `roles` share. */
type Card = CardOf & { channel: string; roles: string[] }

/**
 * Gathers what one agent asks too much of at once: a card that nobody was shown yet has its place on the flood's card, until
 * somebody asks for it. The approvals stay what they are.
 */
export function createFloods(parts: FlowParts) {
  const { database, clock, policy, work } = parts

  /** Where an approval is shown that has no card of its own in the channel; null where it has, or is to get, one. */
  async function placeOf(approval: Approval, card: Card): Promise<GatheredRow | null> {
    const gathered = await findGathered(database, approval.id, card.stage, card.channel)
    if (gathered) return gathered
    const most = (await policy.newest()).document.flood
    if (!(await isFlooding(database, approval, card.roles, most))) return null
    return { flood_id: await gather(approval, card, most), opened: false }
  }

  async function gather(approval: Approval, { stage, role, channel }: Card, most: number): Promise<string> {
    let joined = ''
    await appendEvents(database, approval.id, clock.now, async (next_seq, at, client) => {
      const card = { stage, role, channel }
      const { flood_id, began } = await joinFlood(client, approval, card, most, newId('fld', at))
      joined = flood_id
      const actor = { type: 'countersign' as const }
      const facts: Fact[] = [
        ...(began ? [{ type: 'flood.began' as const, actor, data: { flood_id, channel, most } }] : []),
        { type: 'card.gathered', actor, data: { ...card, flood_id } },
      ]
      return {
        events: eventRows(approval.id, facts, next_seq, at),
        jobs: facts.flatMap((fact, i) => directly(approval.id, fact, next_seq + i, at)),
      }
    })
    return joined
  }

  /** Has the flood's card brought up to date. */
  async function changed(flood_id: string): Promise<void> {
    await addOnce(database, { kind: 'flood', payload: { flood_id }, lane: `flood:${flood_id}` }, clock.now())
    work.raise()
  }

  /** Gives a gathered approval a card of its own, in the flood's thread. False where it is not of that flood. */
  async function open(flood_id: string, approval_id: string, stage: number): Promise<boolean> {
    const at = clock.now()
    const opened = await openGathered(database, { flood_id, approval_id, stage }, at)
    if (!opened) return false
    const { role, channel } = opened
    const card = { stage, role }
    const lane = cardLane({ role: () => ({ channel }) }, approval_id, card)
    await addOnce(database, { kind: 'card', payload: { approval_id, ...card }, lane }, at)
    await changed(flood_id)
    return true
  }

  return {
    placeOf,
    /** The same without looking whether it is one too many. */
    gathered: (approval_id: string, stage: number, channel: string) =>
      findGathered(database, approval_id, stage, channel),
    changed,
    open,
    find: (flood_id: string) => findFlood(database, flood_id),
    waiting: (flood_id: string, page: { from: number; limit: number }) =>
      listWaiting(database, flood_id, page),
  }
}
