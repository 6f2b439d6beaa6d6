import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/create.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { slackFailure } from './failures.ts'
import { card, cardEvent, type Card } from './views/card.ts'
import { namedIn, type Workspace } from './workspace/workspace.ts'
import { isTerminal } from '../approval/approval.ts'

/** A job's way to say that it wants to be run again, and when. */
type Again = { again_at: Date; because: string }

/**
 * Brings the card of one stage up to date with the committed row: posts it where there is none, changes it where it
 * shows something else, does nothing otherwise. So it may run late, twice, or after another one.
 */
export function createCards(parts: {
  posting: WebClient
  workspace: Workspace
  flow: Flow
  clock: Clock
  log: Logger
}) {
  const { posting, workspace, flow, clock, log } = parts

  async function show(payload: JsonObject, job: { attempts: number }): Promise<Again | void> {
    const { approval_id, stage } = payload as { approval_id: string; stage: number }
    const approval = await flow.find(approval_id)
    const state = approval?.stages[stage]
    if (!approval || !state || state.status === 'waiting') return
    const { document } = await flow.policy.newest()
    const posted = (await flow.cards(approval_id)).find(
      (row) => row.stage === stage && row.role === state.role,
    )
    const channel = posted?.channel ?? document.roles[state.role]?.channel
    if (channel === undefined) throw new Error(`the policy has no role ${state.role} any more`)

    const rendered = card(approval, stage, await workspace.people(namedIn(approval)))
    const shown = sha256Hex(JSON.stringify([rendered.text, rendered.blocks]))
    if (posted?.shown === shown) return
    const where = { stage, role: state.role, channel }
    const record = { shown, revision: approval.revision, status: approval.status }
    try {
      // After a try without an answer the message may be there: it is looked for before it is posted again.
      const ts =
        posted?.ts ?? (job.attempts > 1 ? await findPosted(channel, rendered, approval.created_at) : null)
      if (ts !== null) {
        await posting.chat.update({
          channel,
          ts,
          text: rendered.text,
          blocks: rendered.blocks,
          metadata: rendered.metadata,
        })
        await flow.recordCard(approval_id, posted ? 'card.updated' : 'card.posted', {
          ...where,
          ...record,
          ts,
        })
      } else if (!isTerminal(approval)) {
        const answer = await posting.chat.postMessage({
          channel,
          ...rendered,
          unfurl_links: false,
          unfurl_media: false,
        })
        if (answer.ts === undefined) throw new Error('Slack took the card and named no ts')
        await flow.recordCard(approval_id, 'card.posted', { ...where, ...record, ts: answer.ts })
      }
    } catch (error) {
      const failure = slackFailure(error)
      if (failure?.kind === 'rate_limited')
        return { again_at: new Date(clock.now().getTime() + failure.retry_after_ms), because: 'ratelimited' }
      if (failure) await flow.recordCardFailure(approval_id, { ...where, error: failure.error })
      log.warn({ approval_id, ...where, failure }, 'a card could not be shown')
      throw error
    }
  }

  async function findPosted(channel: string, { metadata }: Card, since: Date): Promise<string | null> {
    const wanted = metadata.event_payload
    let cursor: string | undefined
    do {
      const page = await posting.conversations.history({
        channel,
        include_all_metadata: true,
        // Slack's clock and ours may differ a little.
        oldest: String(Math.floor(since.getTime() / 1_000) - 60),
        limit: 200,
        ...(cursor ? { cursor } : {}),
      })
      for (const message of page.messages ?? []) {
        const payload = message.metadata?.event_payload as typeof wanted | undefined
        const ours =
          message.metadata?.event_type === cardEvent &&
          payload?.approval_id === wanted.approval_id &&
          payload.stage === wanted.stage
        if (ours && message.ts !== undefined) return message.ts
      }
      cursor = page.response_metadata?.next_cursor || undefined
    } while (cursor)
    return null
  }

  return { show }
}
