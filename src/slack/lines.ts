import type { Logger } from 'pino'
import { isTerminal, votingRoles, type Approval, type JsonObject } from '../approval/approval.ts'
import type { Audit, AuditEvent } from '../audit/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { MessagePlace, MessageRow } from '../flow/messages.ts'
import type { Audience } from '../flow/telling.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts, Rendered, Where } from './posts.ts'
import { direct, line, type Awaited } from './views/line.ts'
import { everybody } from './views/mention.ts'
import type { Workspace } from './workspace/workspace.ts'

/** Names in a reminder beyond this many would be a list that nobody reads. */
const mostNames = 10

/** Tells people of audit events: a line in the threads of a stage's cards, or a direct message. */
export function createLines(parts: {
  posts: Posts
  workspace: Workspace
  flow: Flow
  audit: Audit
  clock: Clock
  log: Logger
}) {
  const { posts, workspace, flow, audit, clock, log } = parts

  async function tell(payload: JsonObject): Promise<Again | void> {
    const { approval_id, stage, seq } = payload as { approval_id: string; stage: number; seq: number }
    const told = await read(approval_id, seq)
    if (!told || isOld(told)) return
    const rendered = line(told.approval, told.event, await awaitedAt(told.approval, stage))
    if (!rendered) return
    const rows = await flow.messages(approval_id)
    const failures: NotPut[] = []
    for (const { channel, ts: thread_ts } of rows.filter((row) => row.key === `card:${stage}`)) {
      if (thread_ts === null) continue
      const where: Where = { in: 'thread', thread_ts }
      const failure = await put({ approval_id, key: `line:${seq}`, channel }, rows, rendered, where)
      if (failure) failures.push(failure)
    }
    return again(failures, clock.now(), null)
  }

  /** Once, but for a post whose answer was lost: it is made again, as it cannot be looked for. */
  async function tellDirectly(payload: JsonObject): Promise<Again | void> {
    const { approval_id, seq, to } = payload as { approval_id: string; seq: number; to: Audience }
    const told = await read(approval_id, seq)
    const rendered = told && direct(told.approval, told.event)
    if (!rendered) return
    const { document } = await flow.policy.newest()
    const rows = await flow.messages(approval_id)
    const failures: NotPut[] = []
    for (const channel of to === 'owner' ? [told.approval.agent.owner] : document.admins) {
      const place = { approval_id, key: `direct:${seq}`, channel }
      const failure = await put(place, rows, rendered, { in: 'direct' })
      if (failure) failures.push(failure)
    }
    return again(failures, clock.now(), null)
  }

  async function put(
    place: MessagePlace,
    rows: MessageRow[],
    rendered: Rendered,
    where: Where,
  ): Promise<NotPut | null> {
    const known = rows.find((row) => row.key === place.key && row.channel === place.channel)
    if (known && known.shown !== null) return null
    const posted = await posts.put(place, known, rendered, where)
    if (posted.ok) {
      await flow.recordLine(place, posted.ts, sha256Hex(rendered.text))
      return null
    }
    const { failure } = posted
    // A refused one is never taken: the reason is in the log, and the card says what matters.
    if (failure && failure.kind !== 'waits') log.warn({ ...place, failure }, 'a message could not be posted')
    return failure
  }

  async function read(
    approval_id: string,
    seq: number,
  ): Promise<{ approval: Approval; event: AuditEvent } | null> {
    const [approval, events] = await Promise.all([flow.find(approval_id), audit.events(approval_id)])
    const event = events.find((one) => one.seq === seq)
    return approval && event ? { approval, event } : null
  }

  async function awaitedAt(approval: Approval, stage: number): Promise<Awaited> {
    const state = approval.stages[stage]
    if (!state) return { names: [], mention: null }
    const policy = await flow.policy.newest()
    const roles = votingRoles(state).flatMap((role) => policy.role(role) ?? [])
    const eligible = await workspace.eligible(approval, stage)
    const named = eligible.slice(0, mostNames)
    const people = await workspace.people(named)
    return { names: named.map((id) => people.names[id] ?? id), mention: everybody(roles) }
  }

  return { tell, tellDirectly }
}

/** A reminder that comes when all is decided helps nobody. */
function isOld({ approval, event }: { approval: Approval; event: AuditEvent }): boolean {
  return isTerminal(approval) && event.type.startsWith('step.')
}
