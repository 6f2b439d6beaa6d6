import type { Logger } from 'pino'
import { isTerminal, type Approval, type JsonObject } from '../approval/approval.ts'
import type { CardOf } from '../approval/cards.ts'
import { awaitedRoles } from '../approval/places.ts'
import type { Audit, AuditEvent } from '../audit/index.ts'
import type { Flow } from '../flow/flow.ts'
import type { MessagePlace, MessageRow } from '../flow/messages.ts'
import type { Audience } from '../flow/telling.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts, Rendered, Where } from './posts.ts'
import { direct } from './views/direct.ts'
import { floodLine, naming } from './views/flood-line.ts'
import { line, wantedPing, type Awaited } from './views/line.ts'
import { everybody } from './views/mention.ts'
import type { Workspace } from './workspace/workspace.ts'

/** An event, and the approval as it is now. */
type Told = { approval: Approval; event: AuditEvent }

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
    const { approval_id, stage, role, seq } = payload as CardOf & { approval_id: string; seq: number }
    const told = await read(approval_id, seq)
    if (!told || isOld(told)) return
    const channel = (await flow.policy.newest()).role(role)?.channel
    const rows = await flow.messages.of(approval_id)
    const card = rows.find((row) => row.key === `card:${stage}` && row.channel === channel)
    if (!card) return channel === undefined ? undefined : tellOfFlood(told, stage, channel)
    if (card.ts === null) return
    if (
      isAside(told.event) &&
      !rows.some(({ key, channel: there }) => key.startsWith('line:') && there === channel)
    )
      return
    const awaited = await awaitedAt(told, stage)
    const rendered = line(told.approval, told.event, {
      ...awaited,
      pinged: await pingedIn(told, card.channel, rows),
    })
    if (!rendered) return
    const place = { approval_id, key: `line:${seq}`, channel: card.channel }
    const thread_ts = card.thread_ts ?? card.ts
    // In the thread of a flood there are the cards of several requests.
    const said = card.thread_ts === null ? rendered : naming(told.approval, rendered)
    const failure = await put(place, rows, said, { in: 'thread', thread_ts })
    return failure ? again([failure], clock.now(), null) : undefined
  }

  /** Of what is gathered the flood's thread is reminded, once for all of it. */
  async function tellOfFlood(told: Told, stage: number, channel: string): Promise<Again | void> {
    const gathered = await flow.floods.gathered(told.approval.id, stage, channel)
    if (!gathered) return
    const { flood_id } = gathered
    const [found, rows] = await Promise.all([flow.floods.find(flood_id), flow.messages.of(flood_id)])
    const rendered =
      found && floodLine(flood_id, found.counts.waiting, told.event, await awaitedAt(told, stage))
    const card = rows.find((row) => row.key === 'card')
    if (!rendered || !card || card.ts === null) return
    const place = { approval_id: flood_id, key: `line:${rendered.metadata.event_payload['step']}`, channel }
    const failure = await put(place, rows, rendered, { in: 'thread', thread_ts: card.ts })
    return failure ? again([failure], clock.now(), null) : undefined
  }

  /** Once, but for a post whose answer was lost: it is made again, as it cannot be looked for. */
  async function tellDirectly(payload: JsonObject): Promise<Again | void> {
    const { approval_id, seq, to } = payload as { approval_id: string; seq: number; to: Audience }
    const told = await read(approval_id, seq)
    const rendered = told && direct(told.approval, told.event)
    if (!rendered) return
    const { document } = await flow.policy.newest()
    const rows = await flow.messages.of(approval_id)
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
      await flow.messages.record(place, posted.ts, sha256Hex(rendered.text))
      return null
    }
    const { failure } = posted
    // A refused one is never taken: the reason is in the log, and the card says what matters.
    if (failure && failure.kind !== 'waits') log.warn({ ...place, failure }, 'a message could not be posted')
    return failure
  }

  async function read(approval_id: string, seq: number): Promise<Told | null> {
    const [approval, events] = await Promise.all([flow.find(approval_id), audit.events(approval_id)])
    const event = events.find((one) => one.seq === seq)
    return approval && event ? { approval, event } : null
  }

  /** Only what the line has use for is asked of Slack. */
  async function awaitedAt({ approval, event }: Told, stage: number): Promise<Omit<Awaited, 'pinged'>> {
    const named = event.type === 'step.reminded' ? await workspace.eligible(approval, stage) : []
    const people = await workspace.people(named.slice(0, mostNames))
    const names = named.slice(0, mostNames).map((id) => people.names[id] ?? id)
    const policy = await flow.policy.newest()
    const state = approval.stages[stage]
    const roles = state ? awaitedRoles(state).flatMap((role) => policy.role(role) ?? []) : []
    return { names, mention: everybody(roles) }
  }

  /** Whom a line pings in one channel: each only once, in the first channel of their roles where there is a card. */
  async function pingedIn(
    { approval, event }: Told,
    channel: string,
    rows: MessageRow[],
  ): Promise<string | null> {
    const wanted = wantedPing(approval, event)
    if (!wanted) return null
    const policy = await flow.policy.newest()
    const shown = wanted.roles
      .map((role) => policy.role(role)?.channel)
      .find((place) => rows.some((row) => row.channel === place && row.key.startsWith('card:') && row.ts))
    return shown === channel ? wanted.slack_user_id : null
  }

  return { tell, tellDirectly }
}

/** A reminder that comes when all is decided helps nobody. */
function isOld({ approval, event }: Told): boolean {
  return isTerminal(approval) && event.type.startsWith('step.')
}

/**
 * What befalls many requests at once and is on each card. It belongs to a story that has begun; to begin thousands of them
 * would keep the channels busy for hours.
 */
function isAside({ type }: AuditEvent): boolean {
  return ['approval.frozen', 'approval.thawed', 'approval.cancelled', 'approval.expired'].includes(type)
}
