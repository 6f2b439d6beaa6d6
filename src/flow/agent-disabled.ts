import type { Actor } from '../approval/events.ts'
import { listPendingOf } from '../store/read-approvals.ts'
import { change } from './change.ts'
import type { FlowParts } from './flow.ts'

/** How many are cancelled in one go: a job must end well within its lease. */
const atOnce = 25

/** An agent was disabled: by whom, and why if they said so. */
export type AgentDisabled = { agent_id: string; actor: Actor; reason: string | null }

/**
 * Cancels what a disabled agent still waits for.
 *
 * @returns whether there may be more
 */
export async function cancelWaiting(
  parts: FlowParts,
  { agent_id, actor, reason }: AgentDisabled,
): Promise<boolean> {
  const waiting = await listPendingOf(parts.database, agent_id, atOnce)
  const why = `The agent was disabled${reason === null ? '' : `: ${reason}`}`
  for (const { id, name } of waiting)
    await change(parts, id, { type: 'cancel', by: { name }, reason: why, actor })
  return waiting.length === atOnce
}
