import { isTerminal, type Approval } from '../approval/approval.ts'
import { findApproval, listApprovals } from '../store/read-approvals.ts'
export type { Concerned } from '../store/read-approvals.ts'
import type { FlowParts } from './flow.ts'
import type { KnownAgent, ListFilter, Page } from './agent-desk.ts'

export async function findOwn(
  { database }: FlowParts,
  agent: KnownAgent,
  id: string,
): Promise<Approval | null> {
  const approval = await findApproval(database, id)
  return approval?.agent.id === agent.id ? approval : null
}

/** Of another agent's requests nobody learns by naming them. */
export async function findEarlier(
  { database }: FlowParts,
  { id, agent, retry_of }: Approval,
): Promise<Approval | null> {
  if (retry_of === null || retry_of === id) return null
  const earlier = await findApproval(database, retry_of)
  return earlier?.agent.id === agent.id ? earlier : null
}

export async function waitUntilDecided(
  parts: FlowParts,
  agent: KnownAgent,
  id: string,
  until: Date,
  signal: AbortSignal,
): Promise<Approval | null> {
  for (;;) {
    const over = new AbortController()
    // Waiting begins before the row is read, so that a decision between the two cannot be missed.
    const told = parts.decided.wait(id, until, AbortSignal.any([signal, over.signal]))
    const approval = await findOwn(parts, agent, id).catch((error: unknown) => {
      over.abort()
      throw error
    })
    if (!approval || isTerminal(approval)) {
      over.abort()
      return approval
    }
    if (!(await told)) return findOwn(parts, agent, id)
  }
}

export async function listOwn({ database }: FlowParts, agent: KnownAgent, filter: ListFilter, page: Page) {
  const rows = await listApprovals(database, {
    agent_id: agent.id,
    ...filter,
    after: page.cursor,
    limit: page.limit + 1,
  })
  const data = rows.slice(0, page.limit)
  const last = data.at(-1)
  return {
    data,
    next: rows.length > page.limit && last ? { created_at: last.created_at, id: last.id } : null,
  }
}
