import { parseDuration } from '../approval/duration.ts'
import { findAgent, rotateAgent as storeRotation } from '../store/agents.ts'
import { newSecrets, unknownAgent, type NewAgent, type Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'
import { adminEvent } from './record.ts'

/** `old_until`: until when the old key works, and callbacks are signed with the old secret as well. */
export type RotatedAgent = NewAgent & { old_until: Date }

/** How long the old and the new are both good where nobody said: a working day to bring the new one everywhere. */
const usualOverlap = '24h'

/**
 * A new key and a new callback secret, shown once. What a rotation before it left for its own overlap ends no later
 * than the old of this one.
 *
 * @param asked.overlap a duration such as `2h`, or `0` where the old has leaked and must end now; null for 24 hours
 * @returns why not, in words, where there is no such agent or the overlap cannot be read
 */
export async function rotateAgent(
  { database, clock, seal }: AdminParts,
  asked: { name: string; overlap: string | null },
  by: By,
): Promise<RotatedAgent | Refused> {
  const overlap = asked.overlap ?? usualOverlap
  const overlap_ms = overlap === '0' ? 0 : parseDuration(overlap)
  if (overlap_ms === null)
    return { refused: `The overlap is a duration such as 90s, 30m, 4h or 2d, or 0 for none; not ${overlap}` }
  const agent = await findAgent(database, asked.name)
  if (!agent) return unknownAgent(database, asked.name)
  const { id: agent_id, name } = agent
  const { shown, stored } = newSecrets(seal)
  let old_until = clock.now()
  await storeRotation(database, agent_id, clock.now, (at, old_keys) => {
    old_until = new Date(at.getTime() + overlap_ms)
    const data = { agent_id, name, key: stored.key.lookup, old_keys, old_until }
    return { ...stored, old_until, event: adminEvent('agent.rotated', by, at, data) }
  })
  return { name, ...shown, old_until }
}
