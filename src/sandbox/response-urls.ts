import { isRecord } from './blocks/check.ts'
import type { SandboxClock } from './clock.ts'
import { parseBlocks, parseMetadata, refuse } from './content.ts'
import type { Metadata, Refusal } from './content.ts'
import { ticket } from './identifiers.ts'
import { limits } from './limits.ts'
import type { StoredMessage } from './message-store.ts'
import type { SlackObject } from './protocol.ts'
import type { Workspace } from './workspace.ts'

/** Where an answer goes: to whom, in which channel, and which message was clicked, if one was. */
export type Occasion = { user: string; channel: string; clicked: string | null }

export type Answered = { ok: true } | Refusal

/** Spent and old ones are remembered so long, to tell them from those that never were. */
const remembered = 20_000

export type ResponseUrls = ReturnType<typeof createResponseUrls>

/** Temporary addresses that an app may answer to (interactivity/handling-user-interaction#message_responses). */
export function createResponseUrls(workspace: Workspace, clock: SandboxClock, url: () => string) {
  const issued = new Map<string, Occasion & { at: number; uses: number }>()

  function content(
    sent: Record<string, unknown>,
  ): { text: string; blocks: SlackObject[]; metadata: Metadata } | Refusal {
    const text = typeof sent['text'] === 'string' ? sent['text'] : ''
    const parsed =
      sent['blocks'] === undefined ? { ok: true as const, blocks: [] } : parseBlocks(sent['blocks'])
    if (!parsed.ok) return parsed
    const described =
      sent['metadata'] === undefined ? { ok: true as const, metadata: null } : parseMetadata(sent['metadata'])
    if (!described.ok) return described
    if (text === '' && parsed.blocks.length === 0) return refuse('no_text')
    return { text, blocks: parsed.blocks, metadata: described.metadata }
  }

  /** Puts an answer into the workspace: a private one unless it says `in_channel`. Also used for a command's ack. */
  function answer({ user, channel, clicked }: Occasion, sent: unknown): Answered {
    const said = typeof sent === 'string' ? { text: sent } : sent
    if (!isRecord(said)) return refuse('invalid_payload')
    const original = clicked === null ? undefined : workspace.messages.find(channel, clicked)
    if (said['delete_original'] === true || said['delete_original'] === 'true') {
      if (!original) return refuse('message_not_found')
      workspace.messages.remove(channel, original.ts)
      return { ok: true }
    }
    const made = content(said)
    if ('error' in made) return made
    if (said['replace_original'] === true || said['replace_original'] === 'true') {
      if (!original) return refuse('message_not_found')
      workspace.messages.replace({ ...original, ...made, edited_at: clock.now().toISOString() })
      return { ok: true }
    }
    const thread_ts = typeof said['thread_ts'] === 'string' ? said['thread_ts'] : null
    const message: StoredMessage = {
      ...made,
      channel,
      ts: workspace.messages.nextTs(),
      thread_ts,
      user: workspace.team.bot_user_id,
      visible_to: said['response_type'] === 'in_channel' ? null : user,
      edited_at: null,
      files: [],
      is_broadcast: false,
    }
    workspace.messages.add(message)
    return { ok: true }
  }

  return {
    answer,
    issue(occasion: Occasion): string {
      const secret = ticket()
      issued.set(secret, { ...occasion, at: clock.now().getTime(), uses: 0 })
      for (const oldest of issued.keys()) {
        if (issued.size <= remembered) break
        issued.delete(oldest)
      }
      return `${url()}/response/${secret}`
    },
    /** What an app sent to an address: five times within 30 minutes. */
    use(secret: string, sent: unknown): Answered {
      const found = issued.get(secret)
      if (!found) return refuse('invalid_url')
      if (clock.now().getTime() - found.at > limits.interaction.response_url_ms) return refuse('expired_url')
      if (found.uses >= limits.interaction.response_url_uses) return refuse('used_url')
      found.uses += 1
      return answer(found, sent)
    },
  }
}
