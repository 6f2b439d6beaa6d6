import type { Logger } from 'pino'
import { isTerminal, votingRoles, type Approval, type JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/create.ts'
import type { MessageRow } from '../flow/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import type { SlackFailure } from './failures.ts'
import type { Posts } from './posts.ts'
import { card } from './views/card.ts'
import { mentionOf } from './views/mention.ts'
import { namedIn, type Workspace } from './workspace/workspace.ts'

/** A job's way to say that it wants to be run again, and when. */
type Again = { again_at: Date; because: string }

/** How soon a channel that refused a card is tried again: somebody may have invited the bot meanwhile. */
const refusedAgainMs = 300_000

/** One card: of a stage, for a role, in the role's channel. */
type Wanted = { stage: number; role: string }

/**
 * Brings an approval's cards up to date with the committed row: posts what is not there, changes what shows something
 * else, does nothing otherwise. So it may run late, twice, or after another one.
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
    const { approval_id } = payload as { approval_id: string }
    const approval = await flow.find(approval_id)
    if (!approval) return
    const rows = await flow.messages(approval_id)
    const again: Again[] = []
    let unclear: Error | null = null
    // One after the other: each may be the last that this channel takes for a while.
    for (const wanted of cardsOf(approval)) {
      const failure = await showOne(approval, wanted, rows)
      if (failure === null) continue
      if (failure.kind === 'unclear') unclear = new Error(failure.error)
      else
        again.push({
          again_at: later(failure.kind === 'rate_limited' ? failure.retry_after_ms : refusedAgainMs),
          because: failure.kind,
        })
    }
    if (unclear) throw unclear
    return again.sort((a, b) => a.again_at.getTime() - b.again_at.getTime())[0]
  }

  async function showOne(
    approval: Approval,
    { stage, role }: Wanted,
    rows: MessageRow[],
  ): Promise<SlackFailure | null> {
    const key = `card:${stage}`
    const found = (await flow.policy.newest()).role(role)
    if (!found) {
      await flow.reach(approval.id, { stage, role, problem: `the policy has no role ${role} any more` })
      return null
    }
    const { channel } = found
    const known = rows.find((row) => row.key === key && row.channel === channel)
    const over = isTerminal(approval) || approval.stages[stage]?.status === 'met'
    // Nobody has to be shown what was over before it could be shown.
    if (!known && over) return null
    const rendered = card(approval, stage, await workspace.people(namedIn(approval)), mentionOf(found))
    const shown = sha256Hex(JSON.stringify([rendered.text, rendered.blocks]))
    if (known?.shown !== shown) {
      const failure = await put(approval, { stage, role, channel, key }, known, rendered, shown)
      if (failure) return failure
    }
    if (!over)
      await flow.reach(approval.id, {
        stage,
        role,
        problem: await workspace.whyNobody(approval, stage, role),
      })
    return null
  }

  async function put(
    approval: Approval,
    { stage, role, channel, key }: Wanted & { channel: string; key: string },
    known: MessageRow | undefined,
    rendered: ReturnType<typeof card>,
    shown: string,
  ): Promise<SlackFailure | null> {
    const place = { approval_id: approval.id, key, channel }
    const posted = await posts.put(place, known, rendered, { since: approval.created_at })
    if (posted.ok) {
      const { ts, fresh } = posted
      const { revision, status } = approval
      await flow.recordCard(place, fresh ? 'card.posted' : 'card.updated', {
        stage,
        role,
        channel,
        ts,
        shown,
        revision,
        status,
      })
      return null
    }
    const { failure } = posted
    if (failure.kind === 'rate_limited') return failure
    log.warn({ approval_id: approval.id, stage, role, channel, failure }, 'a card could not be shown')
    const problem =
      failure.kind === 'refused' && !known?.ts
        ? `Slack does not take cards in the channel of ${role}: ${failure.error}`
        : null
    // Told once: the same refusal, met again, is no news.
    if (problem === null || approval.stages[stage]?.problems[role] !== problem)
      await flow.recordCardTrouble(approval.id, {
        type: failure.kind === 'refused' ? 'card.failed' : 'card.unclear',
        actor: { type: 'countersign' },
        data: { stage, role, channel, error: failure.error },
      })
    if (problem !== null && !isTerminal(approval)) await flow.reach(approval.id, { stage, role, problem })
    return isTerminal(approval) && failure.kind === 'refused' ? null : failure
  }

  const later = (ms: number) => new Date(clock.now().getTime() + ms)

  return { show }
}

function cardsOf(approval: Approval): Wanted[] {
  return approval.stages.flatMap((state, stage) =>
    state.status === 'waiting' ? [] : votingRoles(state).map((role) => ({ stage, role })),
  )
}
