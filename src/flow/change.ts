import { decide, type Input, type Reply } from '../approval/decide.ts'
import { isTerminal, type Approval } from '../approval/approval.ts'
import { changeApproval } from '../store/change-approval.ts'
import type { FlowParts } from './flow.ts'
import { consequencesOf } from './record.ts'

/** The approval as it is after the input, and how the input was answered. */
export type Changed = { approval: Approval; reply: Reply }

/**
 * The one way in which an opened approval changes: loaded under its lock, decided by the pure core, saved with its
 * audit events and jobs, all in one transaction. Null where there is no such approval.
 *
 * @param allowed keeps an input from an approval that it may not touch: it then counts as not being there
 */
export async function change(
  { database, clock, work, decided, policy }: FlowParts,
  id: string,
  input: Input,
  allowed: (approval: Approval) => boolean = () => true,
): Promise<Changed | null> {
  const { policy: channels } = await policy.remembered()
  const changed = await changeApproval<Changed | null>(
    database,
    id,
    clock.now,
    (approval, next_seq, now, freezes) => {
      if (!allowed(approval)) return { write: null, result: null }
      const { next, facts, effects, reply } = decide(approval, input, now, freezes)
      const nothing = next === approval && facts.length === 0
      const write = nothing
        ? null
        : { next, consequences: consequencesOf(channels, next, facts, effects, next_seq, now) }
      return { write, result: { approval: next, reply } }
    },
  )
  work.raise()
  if (changed && isTerminal(changed.approval)) decided.tell(id)
  return changed
}
