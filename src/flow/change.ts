import { decide, type Input, type Reply } from '../approval/decide.ts'
import { isTerminal, type Approval } from '../approval/approval.ts'
import { changeApproval, type Found } from '../store/change-approval.ts'
import type { FlowParts } from './flow.ts'
import { consequencesOf } from './record.ts'

/** The approval as it is after the input, and how the input was answered. */
export type Changed<I extends Input = Input> = { approval: Approval; reply: Reply<I> }

/**
 * The one way in which an opened approval changes: loaded under its lock, decided by the pure core, saved with its
 * audit events and jobs, all in one transaction. Null where there is no such approval.
 *
 * @param input what happens, or what finds that out once the approval is locked; null leaves it alone, as if it were not
 *   there
 */
export async function change<I extends Input>(
  { database, clock, work, decided, policy, permits }: FlowParts,
  id: string,
  input: I | ((found: Found) => I | null | Promise<I | null>),
): Promise<Changed<I> | null> {
  const { policy: channels } = await policy.remembered()
  const changed = await changeApproval<Changed<I> | null>(database, id, clock.now, async (found) => {
    const { approval, next_seq, now, freezes, permit_key } = found
    const happens = typeof input === 'function' ? await input(found) : input
    if (happens === null) return { write: null, result: null }
    const { next: after, facts, effects, reply } = decide(approval, happens, now, freezes)
    // Signed before it is saved, so that the callback, whose bytes are written now, has it too.
    const next = approval.status === after.status ? after : await permits.give(after, permit_key)
    const nothing = next === approval && facts.length === 0
    const write = nothing
      ? null
      : { next, consequences: consequencesOf(channels, next, facts, effects, next_seq, now) }
    return { write, result: { approval: next, reply } }
  })
  work.raise()
  if (changed && isTerminal(changed.approval)) decided.tell(id)
  return changed
}
