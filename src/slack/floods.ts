import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/flow.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { Posts } from './posts.ts'
import { floodCard, listedOn } from './views/flood.ts'

/** How soon a channel that refused a card is tried again: somebody may have invited the bot meanwhile. */
const refusedAgainMs = 300_000

/** Brings the card of a flood up to date with what has become of its requests. Harmless when it is done twice. */
export function createFloodCards(parts: { posts: Posts; flow: Flow; clock: Clock; log: Logger }) {
  const { posts, flow, clock, log } = parts

  async function show(payload: JsonObject): Promise<Again | void> {
    const { flood_id } = payload as { flood_id: string }
    const found = await flow.floods.find(flood_id)
    if (!found) return
    const waiting = await flow.floods.waiting(flood_id, { from: 0, limit: listedOn.card })
    const rendered = floodCard(found.flood, found.counts, waiting)
    const shown = sha256Hex(JSON.stringify([rendered.text, rendered.blocks]))
    const place = { approval_id: flood_id, key: 'card', channel: found.flood.channel }
    const [known] = await flow.messages.of(flood_id)
    if (known?.shown === shown) return
    const posted = await posts.put(place, known, rendered, { in: 'channel', anew: found.counts.waiting > 0 })
    if (posted.ok) return void (await flow.messages.record(place, posted.ts, shown))
    const { failure } = posted
    if (!failure) return
    if (failure.kind !== 'waits') log.warn({ ...place, failure }, 'a flood could not be shown')
    return again([failure], clock.now(), refusedAgainMs)
  }

  return { show }
}
