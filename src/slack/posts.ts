import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Flow } from '../flow/flow.ts'
import type { MessagePlace, MessageRow } from '../flow/messages.ts'
import { slackFailure, type SlackFailure } from './failures.ts'
import { budgets, type Called, type Pace } from './pace.ts'

/** A message of ours, ready to be posted. `text` is what notifications and screen readers get. */
export type Rendered = {
  text: string
  blocks: KnownBlock[]
  /** Finds the message again when the answer to its post was lost. */
  metadata: { event_type: string; event_payload: Record<string, string | number> }
}

/** Why a message is not as it should be: a call failed, or has to wait for its turn. */
export type NotPut = Exclude<SlackFailure, { kind: 'rate_limited' }> | { kind: 'waits'; turn_at: Date }

/**
 * `fresh` where nobody has recorded yet that the message is there; `conversation` is where, in Slack's words, if it was said. Without `ok` and failure, it is not there and was not
 * wanted anew.
 */
export type Posted =
  | { ok: true; ts: string; fresh: boolean; conversation: string | null }
  | { ok: false; failure: NotPut | null }

/**
 * Where a message belongs. What is not in its channel is only posted if it is wanted `anew`. People's conversations are
 * not read: a direct message whose post had no answer is posted again.
 */
export type Where = { in: 'channel'; anew: boolean } | { in: 'thread'; thread_ts: string } | { in: 'direct' }

/** More pages of a channel's history than that are not read to find one message. */
const mostPages = 10

/**
 * Puts messages into Slack, each call in its turn, and each message once: `chat.postMessage` knows no idempotency key,
 * so that a post whose answer was lost (or whose poster died) is looked for by its metadata before it is made again.
 */
export function createPosts({ posting, flow, pace }: { posting: WebClient; flow: Flow; pace: Pace }) {
  /** Posts, or changes the message that is there. Throws what is not an answer of Slack's or the lack of one. */
  async function put(
    place: MessagePlace,
    known: MessageRow | undefined,
    message: Rendered,
    where: Where,
  ): Promise<Posted> {
    try {
      return await bring(place, known, message, where)
    } catch (error) {
      const failure = slackFailure(error)
      if (!failure || failure.kind === 'rate_limited') throw error
      return { ok: false, failure }
    }
  }

  /** What each step found out is kept before the next, whose turn may be later. */
  async function bring(
    place: MessagePlace,
    known: MessageRow | undefined,
    message: Rendered,
    where: Where,
  ): Promise<Posted> {
    const { channel } = place
    let ts = known?.ts ?? null
    if (known && ts === null) {
      const found = await find(place, known, message, where)
      if (!found.made) return waits(found)
      ts = found.answer
      await (ts === null ? flow.messages.abandon(place) : flow.messages.found(place, ts))
    }
    if (ts !== null) {
      const there = ts
      // A person's id is good for posting to them, and names no conversation.
      const where_it_is = known?.conversation ?? channel
      const changed = await pace.inTurn(place, budgets.update, () => change(where_it_is, there, message))
      if (!changed.made) return waits(changed)
      if (changed.answer)
        return {
          ok: true,
          ts,
          fresh: (known?.shown ?? null) === null,
          conversation: known?.conversation ?? null,
        }
      await flow.messages.abandon(place)
    }
    if (where.in === 'channel' && !where.anew) return { ok: false, failure: null }
    const posted = await pace.inTurn(place, budgets.post(channel), () => post(place, message, where))
    return posted.made ? { ok: true, ...posted.answer, fresh: true } : waits(posted)
  }

  async function post(
    place: MessagePlace,
    message: Rendered,
    where: Where,
  ): Promise<{ ts: string; conversation: string | null }> {
    // Another process that lost its hold on the job may still be at it: the next run looks for what it posted.
    if (!(await flow.messages.begin(place))) throw new Error('this message is being posted already')
    try {
      const { ts, channel: conversation } = await posting.chat.postMessage({
        channel: place.channel,
        ...message,
        ...(where.in === 'thread' ? { thread_ts: where.thread_ts } : {}),
        unfurl_links: false,
        unfurl_media: false,
      })
      if (ts === undefined) throw new Error('Slack took a message and named no ts')
      return { ts, conversation: conversation ?? null }
    } catch (error) {
      // What was begun is certainly not there. After anything else it may be.
      if (certain.has(slackFailure(error)?.kind ?? '')) await flow.messages.abandon(place)
      throw error
    }
  }

  /** False where somebody deleted the message: then it has to be posted anew. */
  async function change(channel: string, ts: string, message: Rendered): Promise<boolean> {
    try {
      await posting.chat.update({ channel, ts, ...message })
      return true
    } catch (error) {
      const failure = slackFailure(error)
      if (failure?.kind === 'refused' && failure.error === 'message_not_found') return false
      throw error
    }
  }

  async function find(
    place: MessagePlace,
    { posted_at }: MessageRow,
    { metadata }: Rendered,
    where: Where,
  ): Promise<Called<string | null>> {
    if (where.in === 'direct') return { made: true, answer: null }
    // Slack's clock and ours may differ a little.
    const oldest = String(Math.floor(posted_at.getTime() / 1_000) - 60)
    const { channel } = place
    const page = async (cursor: string | undefined) => {
      const asked = { channel, include_all_metadata: true, oldest, limit: 200, ...(cursor ? { cursor } : {}) }
      return where.in === 'thread'
        ? posting.conversations.replies({ ...asked, ts: where.thread_ts })
        : posting.conversations.history(asked)
    }
    return pace.inTurn(place, where.in === 'thread' ? budgets.replies : budgets.history, async () => {
      let cursor: string | undefined
      for (let nth = 0; nth < mostPages; nth++) {
        const answer = await page(cursor)
        const found = answer.messages?.find((message) => isSame(message.metadata, metadata))
        if (found?.ts !== undefined) return found.ts
        cursor = answer.response_metadata?.next_cursor || undefined
        if (!cursor) return null
      }
      return null
    })
  }

  return { put }
}

export type Posts = ReturnType<typeof createPosts>

const certain: ReadonlySet<string> = new Set(['refused', 'rate_limited', 'unreached'])

const waits = ({ turn_at }: { turn_at: Date }): Posted => ({ ok: false, failure: { kind: 'waits', turn_at } })

function isSame(
  seen: { event_type?: string; event_payload?: object } | undefined,
  wanted: Rendered['metadata'],
): boolean {
  if (seen?.event_type !== wanted.event_type) return false
  const payload = (seen.event_payload ?? {}) as Record<string, unknown>
  return Object.entries(wanted.event_payload).every(([key, value]) => payload[key] === value)
}
