import type { Logger } from 'pino'
import { isTerminal, type Approval, type JsonObject } from '../approval/approval.ts'
import { cardsOfStage, type CardOf } from '../approval/cards.ts'
import type { Role } from '../flow/current-policy.ts'
import type { Flow } from '../flow/flow.ts'
import type { MessageRow } from '../flow/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts } from './posts.ts'
import { card } from './views/card.ts'
import { mentionOf } from './views/mention.ts'
import { withShown } from './views/ticket.ts'
import { namedIn, type Workspace } from './workspace/workspace.ts'

/** How soon a channel that refused a card is tried again: somebody may have invited the bot meanwhile. */
const refusedAgainMs = 300_000

/** A card's place; `over` where nobody has to be shown it any more. */
type Place = CardOf & { channel: string; key: string; over: boolean }

/** What became of a card. `problem` is why it reaches nobody, null where it does; left out where that was not tried. */
type Shown = { failure: NotPut | null; problem?: string | null }

/**
 * Brings a card up to date with the committed row: posts what is not there, changes what shows something else, does
 * nothing otherwise. So it may run late, twice, or after another one.
 */
export function createCards(parts: {
  posts: Posts
  workspace: Workspace
  flow: Flow
  clock: Clock
  log: Logger
}) {
  const { posts, workspace, flow, clock, log } = parts

  async function show(payload: JsonObject): Promise<Again | void> {
    const { approval_id, stage, role } = payload as CardOf & { approval_id: string }
    const approval = await flow.find(approval_id)
    if (!approval) return
    const { failure, problem } = await showOne(approval, { stage, role }, await flow.messages.of(approval_id))
    if (!isOver(approval, stage)) {
      // An empty role is told of also before its card is there.
      const { problems, voters } = await workspace.reach(approval, stage)
      const found = problem === undefined ? problems : { [role]: problem, ...problems }
      await flow.reach(approval.id, { stage, problems: found, voters })
    }
    return failure ? again([failure], clock.now(), refusedAgainMs) : undefined
  }

  async function showOne(approval: Approval, { stage, role }: CardOf, rows: MessageRow[]): Promise<Shown> {
    const key = `card:${stage}`
    const policy = await flow.policy.newest()
    const channel = policy.role(role)?.channel
    if (channel === undefined) return { failure: null, problem: `the policy has no role ${role} any more` }
    const known = rows.find((row) => row.key === key && row.channel === channel)
    // Roles that share a channel share the card there.
    const sharing = cardsOfStage(approval, stage)
      .flatMap((card) => policy.role(card.role) ?? [])
      .filter((one) => one.channel === channel)
    const place = { stage, role, channel, key, over: isOver(approval, stage) }
    const gathered = await gatheredAt(approval, place, known, sharing)
    if (gathered) await flow.floods.changed(gathered.flood_id)
    if (!known && place.over) {
      await flow.messages.giveUpTurn({ approval_id: approval.id, key, channel })
      return { failure: null }
    }
    if (gathered && !gathered.opened) return { failure: null, problem: null }
    const thread_ts = known?.thread_ts ?? (gathered && (await floodsMessage(gathered.flood_id)))
    const earlier = await flow.earlier(approval)
    const people = await workspace.people(namedIn(approval, earlier))
    const rendered = card(approval, stage, people, mentionOf(sharing), earlier)
    const shown = sha256Hex(JSON.stringify([rendered.text, rendered.blocks]))
    if (known?.shown === shown) return { failure: null, problem: null }
    const marked = { ...rendered, blocks: withShown(rendered.blocks, shown) }
    return put(approval, { ...place, thread_ts }, known, marked, shown)
  }

  /** Where it has no place of its own in the channel: what the agent asks too much of at once is gathered. */
  async function gatheredAt(
    approval: Approval,
    { stage, role, channel, over }: Place,
    known: MessageRow | undefined,
    sharing: Role[],
  ): Promise<{ flood_id: string; opened: boolean } | null> {
    if (known && known.thread_ts === null && known.ts !== null) return null
    if (known || over) return flow.floods.gathered(approval.id, stage, channel)
    const roles = sharing.map(({ name }) => name)
    return flow.floods.placeOf(approval, { stage, role, channel, roles })
  }

  async function floodsMessage(flood_id: string): Promise<string | null> {
    const [card] = await flow.messages.of(flood_id)
    return card?.ts ?? null
  }

  async function put(
    approval: Approval,
    { stage, role, channel, key, over, thread_ts }: Place & { thread_ts: string | null },
    known: MessageRow | undefined,
    rendered: ReturnType<typeof card>,
    shown: string,
  ): Promise<Shown> {
    const place = { approval_id: approval.id, key, channel }
    const where =
      thread_ts === null ? { in: 'channel' as const, anew: !over } : { in: 'thread' as const, thread_ts }
    const posted = await posts.put(place, known, rendered, where)
    if (posted.ok) {
      const { ts, fresh } = posted
      const { revision, status } = approval
      const card = { stage, role, channel, ts, shown, revision, status }
      await flow.messages.recordCard(place, fresh ? 'card.posted' : 'card.updated', card, thread_ts)
      return { failure: null, problem: null }
    }
    const { failure } = posted
    if (failure === null) return { failure, problem: null }
    // What waits was not tried: nothing is mended by it.
    if (failure.kind === 'waits') return { failure }
    log.warn({ approval_id: approval.id, stage, role, channel, failure }, 'a card could not be shown')
    const problem =
      failure.kind === 'refused' && !known?.ts
        ? `Slack does not take cards in the channel of ${role}: ${failure.error}`
        : null
    // Told once: the same refusal, met again, is no news. Nor is an outage that goes on, or that Slack is not reached.
    const before = approval.stages[stage]?.problems[role]
    const news =
      failure.kind === 'refused'
        ? problem === null || before !== problem
        : failure.kind === 'unclear' && !known
    if (news)
      await flow.messages.recordCardTrouble(approval.id, {
        type: failure.kind === 'refused' ? 'card.failed' : 'card.unclear',
        actor: { type: 'countersign' },
        data: { stage, role, channel, error: failure.error },
      })
    if (problem !== null) return { failure: isTerminal(approval) ? null : failure, problem }
    return { failure: isTerminal(approval) && failure.kind === 'refused' ? null : failure }
  }

  return { show }
}

/** Nobody has to be shown what was over before it could be shown. It may be over until it opens again. */
function isOver(approval: Approval, stage: number): boolean {
  return isTerminal(approval) || approval.stages[stage]?.status !== 'open'
}
