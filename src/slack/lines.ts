import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { isTerminal, votingRoles, type Approval, type JsonObject } from '../approval/approval.ts'
import type { Audit, AuditEvent } from '../audit/index.ts'
import type { Flow } from '../flow/create.ts'
import type { Audience } from '../flow/telling.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { slackFailure, type SlackFailure } from './failures.ts'
import type { Posts } from './posts.ts'
import { direct, line, type Awaited } from './views/line.ts'
import { everybody } from './views/mention.ts'
import type { Workspace } from './workspace/workspace.ts'

type Again = { again_at: Date; because: string }

/** Names in a reminder beyond this many would be a list that nobody reads. */
const mostNames = 10

/** Tells people of audit events: a line in the threads of a stage's cards, or a direct message. */
export function createLines(parts: {
  posts: Posts
  posting: WebClient
  workspace: Workspace
  flow: Flow
  audit: Audit
  clock: Clock
  log: Logger
}) {
  const { posts, posting, workspace, flow, audit, clock, log } = parts

  async function tell(payload: JsonObject): Promise<Again | void> {
    const { approval_id, stage, seq } = payload as { approval_id: string; stage: number; seq: number }
    const told = await read(approval_id, seq)
    if (!told || isOld(told)) return
    const rendered = line(told.approval, told.event, await awaitedAt(told.approval, stage))
    if (!rendered) return
    const rows = await flow.messages(approval_id)
    for (const { channel, ts: thread_ts } of rows.filter((row) => row.key === `card:${stage}`)) {
      if (thread_ts === null) continue
      const key = `line:${seq}`
      const known = rows.find((row) => row.key === key && row.channel === channel)
      if (known?.ts) continue
      const place = { approval_id, key, channel }
      const posted = await posts.put(place, known, rendered, { thread_ts, since: told.approval.created_at })
      if (posted.ok) await flow.recordLine(place, posted.ts, sha256Hex(rendered.text))
      else {
        const again = waitFor(posted.failure, { approval_id, seq, channel })
        if (again) return again
      }
    }
  }

  /** At least once: a direct message whose answer was lost cannot be looked for without reading people's messages. */
  async function tellDirectly(payload: JsonObject): Promise<Again | void> {
    const { approval_id, seq, to } = payload as { approval_id: string; seq: number; to: Audience }
    const told = await read(approval_id, seq)
    const rendered = told && direct(told.approval, told.event)
    if (!rendered) return
    const { document } = await flow.policy.newest()
    for (const channel of to === 'owner' ? [told.approval.agent.owner] : document.admins) {
      try {
        await posting.chat.postMessage({ channel, ...rendered, unfurl_links: false, unfurl_media: false })
      } catch (error) {
        const failure = slackFailure(error)
        if (!failure) throw error
        const again = waitFor(failure, { approval_id, seq, channel })
        if (again) return again
      }
    }
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

  /** Null where it will never be taken: the reason is in the log, and the card says what matters. */
  function waitFor(failure: SlackFailure, about: object): Again | null {
    if (failure.kind === 'rate_limited')
      return { again_at: new Date(clock.now().getTime() + failure.retry_after_ms), because: 'ratelimited' }
    log.warn({ ...about, failure }, 'a message could not be posted')
    if (failure.kind === 'unclear') throw new Error(failure.error)
    return null
  }

  return { tell, tellDirectly }
}

/** A reminder that comes when all is decided helps nobody. */
function isOld({ approval, event }: { approval: Approval; event: AuditEvent }): boolean {
  return isTerminal(approval) && event.type.startsWith('step.')
}
