import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Flow } from '../flow/create.ts'
import type { MessagePlace, MessageRow } from '../flow/messages.ts'
import { slackFailure, type SlackFailure } from './failures.ts'

/** A message of ours, ready to be posted. `text` is what notifications and screen readers get. */
export type Rendered = {
  text: string
  blocks: KnownBlock[]
  /** Finds the message again when the answer to its post was lost. */
  metadata: { event_type: string; event_payload: Record<string, string | number> }
}

export type Posted = { ok: true; ts: string; fresh: boolean } | { ok: false; failure: SlackFailure }

/** More pages of a channel's history than that are not read to find one message. */
const mostPages = 10

/**
 * Puts messages into Slack exactly once: `chat.postMessage` knows no idempotency key, so that a post whose answer was
 * lost (or whose poster died) is looked for by its metadata before it is made again.
 */
export function createPosts({ posting, flow }: { posting: WebClient; flow: Flow }) {
  /** Posts, or changes the message that is there. Throws what is not an answer of Slack's or the lack of one. */
  async function put(
    place: MessagePlace,
    known: MessageRow | undefined,
    message: Rendered,
    where: { thread_ts?: string; since: Date },
  ): Promise<Posted> {
    const { channel } = place
    try {
      const ts = known?.ts ?? ((await flow.beginPost(place)) ? null : await find(channel, message, where))
      if (ts !== null && (await change(channel, ts, message)))
        return { ok: true, ts, fresh: known?.ts !== ts }
      const thread = where.thread_ts === undefined ? {} : { thread_ts: where.thread_ts }
      const answer = await posting.chat.postMessage({
        channel,
        ...message,
        ...thread,
        unfurl_links: false,
        unfurl_media: false,
      })
      if (answer.ts === undefined) throw new Error('Slack took a message and named no ts')
      return { ok: true, ts: answer.ts, fresh: true }
    } catch (error) {
      const failure = slackFailure(error)
      if (!failure) throw error
      // A refusal is certain: what was begun is not there. Anything else may be.
      if (failure.kind !== 'unclear' && !known?.ts) await flow.abandonPost(place)
      return { ok: false, failure }
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
    channel: string,
    { metadata }: Rendered,
    { thread_ts, since }: { thread_ts?: string; since: Date },
  ) {
    // Slack's clock and ours may differ a little.
    const oldest = String(Math.floor(since.getTime() / 1_000) - 60)
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const asked = { channel, include_all_metadata: true, oldest, limit: 200, ...(cursor ? { cursor } : {}) }
      const answer = await (thread_ts === undefined
        ? posting.conversations.history(asked)
        : posting.conversations.replies({ ...asked, ts: thread_ts }))
      const found = answer.messages?.find((message) => isSame(message.metadata, metadata))
      if (found?.ts !== undefined) return found.ts
      cursor = answer.response_metadata?.next_cursor || undefined
      if (!cursor) return null
    }
    return null
  }

  return { put }
}

export type Posts = ReturnType<typeof createPosts>

function isSame(
  seen: { event_type?: string; event_payload?: object } | undefined,
  wanted: Rendered['metadata'],
): boolean {
  if (seen?.event_type !== wanted.event_type) return false
  const payload = (seen.event_payload ?? {}) as Record<string, unknown>
  return Object.entries(wanted.event_payload).every(([key, value]) => payload[key] === value)
}
