import type { JsonObject } from '../approval/approval.ts'
import type { AgentDisabled } from '../flow/agent-disabled.ts'
import { findAgent, switchAgent } from '../store/agents.ts'
import { unknownAgent, type Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'
import { adminEvent } from './record.ts'

/** The longest reason that is taken, in characters. */
const longestReason = 500

/**
 * Turns an agent off: its next request is answered 403, and what it waits for is cancelled. Its keys stay, for when it is
 * turned on again.
 *
 * @returns why not, in words, where there is no such agent or it is off already
 */
export async function disableAgent(
  { database, clock, work }: AdminParts,
  asked: { name: string; reason: string | null },
  by: By,
): Promise<{ name: string; disabled_at: Date } | Refused> {
  const { reason } = asked
  if (reason !== null && reason.length > longestReason)
    return { refused: `The reason is at most ${longestReason} characters` }
  const agent = await findAgent(database, asked.name)
  if (!agent) return unknownAgent(database, asked.name)
  const { id: agent_id, name } = agent
  const at = clock.now()
  const event = adminEvent('agent.disabled', by, at, { agent_id, name, reason })
  const disabled: AgentDisabled & JsonObject = { agent_id, actor: by, reason }
  const job = { kind: 'disabled', payload: disabled, lane: `disabled:${agent_id}`, due_at: at }
  if (!(await switchAgent(database, agent_id, at, at, event, job)))
    return { refused: `${name} is disabled already` }
  work.raise()
  return { name, disabled_at: at }
}

/** Turns an agent on again. What was cancelled stays cancelled. */
export async function enableAgent(
  { database, clock }: AdminParts,
  asked: { name: string },
  by: By,
): Promise<{ name: string } | Refused> {
  const agent = await findAgent(database, asked.name)
  if (!agent) return unknownAgent(database, asked.name)
  const { id: agent_id, name, disabled_at } = agent
  const at = clock.now()
  const event = adminEvent('agent.enabled', by, at, { agent_id, name, disabled_at })
  if (!(await switchAgent(database, agent_id, null, at, event, null)))
    return { refused: `${name} is not disabled` }
  return { name }
}
