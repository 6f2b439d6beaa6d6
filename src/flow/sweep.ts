import { findFreeze, listFrozenBy, listUnfrozen } from '../store/freezes.ts'
import { change } from './change.ts'
import type { FlowParts } from './flow.ts'

/** How many approvals are seen to in one go: a job must end well within its lease. */
const atOnce = 50

/**
 * Brings approvals in line with a freeze that has begun or was lifted: what could still be acted on is withdrawn, what
 * waits learns of it. Nothing depends on when this comes by, but what people and agents are told: whoever decides looks at
 * the freezes anyway. Harmless when it is done twice.
 *
 * @returns whether there may be more
 */
export async function sweep(parts: FlowParts, freeze_id: string): Promise<boolean> {
  const { database, clock } = parts
  const freeze = await findFreeze(database, freeze_id)
  if (!freeze) return false
  const found =
    freeze.lifted_at === null
      ? await listUnfrozen(database, freeze, clock.now(), atOnce)
      : await listFrozenBy(database, freeze_id, atOnce)
  for (const id of found) await change(parts, id, { type: 'freeze_changed' })
  return found.length > 0
}
