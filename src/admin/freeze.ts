import type { Freeze } from '../approval/freeze.ts'
import { newId } from '../platform/ids.ts'
import { findAgent } from '../store/agents.ts'
import type { NewJob } from '../store/consequences.ts'
import { changeDesk, readDesk } from '../store/desk.ts'
import { beginFreeze, freezeOf, liftFreeze } from '../store/freezes.ts'
import { unknownAgent, type Refused } from './agents.ts'
import type { AdminParts, By } from './index.ts'
import { adminEvent } from './record.ts'

/** The longest reason that is taken, in characters. */
const longestReason = 500

/** Which freeze began or was lifted; `agent` is null for that of everything. */
export type Frozen = { freeze_id: string; agent: string | null; at: Date }

/**
 * The kill switch: from the next request on, nothing of this agent (or of any) is approved, and what was approved and could
 * still be acted on is withdrawn. Works on every replica at once, as whoever decides looks here first.
 *
 * @param asked.agent null for all
 * @returns why not, in words, where there is no such agent, or it is frozen already
 */
export async function freeze(
  { database, clock, work }: AdminParts,
  asked: { agent: string | null; reason: string },
  by: By,
): Promise<Frozen | Refused> {
  const reason = asked.reason.trim()
  if (reason === '' || reason.length > longestReason)
    return { refused: `Say why, in 1 to ${longestReason} characters: everybody who waits will read it` }
  const agent = await whose(database, asked.agent)
  if ('refused' in agent) return agent
  const { agent_id } = agent
  return changeDesk(database, async (client): Promise<Frozen | null> => {
    if (await freezeOf(client, agent_id)) return null
    const at = clock.now()
    const frozen: Freeze = { id: newId('frz', at), agent_id, reason, at, lifted_at: null }
    const event = adminEvent('freeze.started', by, at, { freeze_id: frozen.id, agent: asked.agent, reason })
    await beginFreeze(client, frozen, event, following(frozen.id, asked.agent, 'started', by, at))
    return { freeze_id: frozen.id, agent: asked.agent, at }
  }).then((begun) => {
    work.raise()
    return begun ?? { refused: `${asked.agent ?? 'Everything'} is frozen already` }
  })
}

/** Ends a freeze: deadlines get back exactly the time that it lasted. What was withdrawn stays withdrawn. */
export async function unfreeze(
  { database, clock, work }: AdminParts,
  asked: { agent: string | null },
  by: By,
): Promise<Frozen | Refused> {
  const agent = await whose(database, asked.agent)
  if ('refused' in agent) return agent
  const { agent_id } = agent
  return changeDesk(database, async (client): Promise<Frozen | null> => {
    const found = await freezeOf(client, agent_id)
    if (!found) return null
    const at = clock.now()
    const lasted_ms = at.getTime() - found.at.getTime()
    const { id: freeze_id, reason } = found
    const event = adminEvent('freeze.lifted', by, at, { freeze_id, agent: asked.agent, reason, lasted_ms })
    await liftFreeze(client, found.id, at, event, following(found.id, asked.agent, 'lifted', by, at))
    return { freeze_id: found.id, agent: asked.agent, at }
  }).then((lifted) => {
    work.raise()
    return (
      lifted ?? {
        refused: asked.agent === null ? 'There is no freeze of everything' : `${asked.agent} is not frozen`,
      }
    )
  })
}

/** The freezes in force, with the names of their agents. */
export async function freezes({ database }: AdminParts): Promise<(Freeze & { agent: string | null })[]> {
  const { freezes: inForce } = await readDesk(database)
  const agents = await database.prisma.agent.findMany({
    where: { id: { in: inForce.flatMap(({ agent_id }) => agent_id ?? []) } },
    select: { id: true, name: true },
  })
  return inForce.map((one) => ({
    ...one,
    agent: agents.find(({ id }) => id === one.agent_id)?.name ?? null,
  }))
}

async function whose(
  database: AdminParts['database'],
  name: string | null,
): Promise<{ agent_id: string | null } | Refused> {
  if (name === null) return { agent_id: null }
  const agent = await findAgent(database, name)
  return agent ? { agent_id: agent.id } : unknownAgent(database, name)
}

/** What has to be done because of it: the approvals that it concerns, and an announcement. */
function following(
  freeze_id: string,
  agent: string | null,
  what: 'started' | 'lifted',
  by: By,
  at: Date,
): NewJob[] {
  const who = by.type === 'human' ? by.slack_user_id : null
  return [
    { kind: 'sweep', payload: { freeze_id }, lane: `sweep:${freeze_id}`, due_at: at },
    { kind: 'announce', payload: { freeze_id, agent, what, who }, lane: `announce:${freeze_id}`, due_at: at },
  ]
}
