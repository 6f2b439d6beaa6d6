import { escapedBytes, parseBlocks, parseMetadata, refuse } from '../content.ts'
import type { Metadata, Refusal } from '../content.ts'
import { findPictures } from '../blocks/pictures.ts'
import type { FileStore } from '../file-store.ts'
import { limits } from '../limits.ts'
import type { StoredMessage } from '../message-store.ts'
import { messageObject } from '../objects.ts'
import type { Channel, SlackObject } from '../protocol.ts'
import type { Workspace } from '../workspace.ts'
import type { Arguments } from './arguments.ts'
import type { Answer, Desk, Methods } from './method.ts'

type Content = { ok: true; text: string; blocks: SlackObject[] | null; metadata: Metadata | undefined }

/** `blocks: null` and `metadata: undefined` where the call has none. */
function readContent(args: Arguments, files: FileStore): Content | Refusal {
  const text = args.text('text') ?? ''
  if (text.length > limits.message.text) return refuse('msg_too_long')
  let blocks: SlackObject[] | null = null
  if (args.has('blocks')) {
    const raw = args.json('blocks')
    const parsed = raw.ok ? parseBlocks(raw.value) : refuse('invalid_blocks_format')
    if (!parsed.ok) return parsed
    const faults = findPictures(parsed.blocks, files.picture)
    if (faults.length > 0) return refuse('invalid_blocks', faults)
    blocks = parsed.blocks
  }
  let metadata: Metadata | undefined
  if (args.has('metadata')) {
    const raw = args.json('metadata')
    const parsed = raw.ok ? parseMetadata(raw.value) : refuse('invalid_metadata_format')
    if (!parsed.ok) return parsed
    metadata = parsed.metadata
  }
  return { ok: true, text, blocks, metadata }
}

/** Where the app wants to post: by id, by `#name`, or a person's id for the direct message with them. */
function destination(workspace: Workspace, wanted: string | undefined): Channel | undefined {
  const { people, channels } = workspace
  if (wanted === undefined) return undefined
  if (wanted.startsWith('#')) return [...channels.values()].find((each) => `#${each.name}` === wanted)
  return people.has(wanted) ? workspace.directMessage(wanted) : channels.get(wanted)
}

/** Why the app cannot post there, or null. A private channel that it is not in does not exist for it. */
function barred(workspace: Workspace, channel: Channel): Refusal | null {
  if (!workspace.isMember(channel, workspace.team.bot_user_id)) {
    if (channel.is_private) return refuse('channel_not_found')
    if (!workspace.team.scopes.includes('chat:write.public')) return refuse('not_in_channel')
  }
  return channel.is_archived ? refuse('is_archived') : null
}

function post(
  args: Arguments,
  { workspace, files }: Desk,
  visible_to: string | null,
): StoredMessage | Refusal {
  const channel = destination(workspace, args.text('channel'))
  if (!channel) return refuse('channel_not_found')
  const stopped = barred(workspace, channel)
  if (stopped) return stopped
  if (visible_to !== null) {
    const person = workspace.people.get(visible_to)
    if (!person || person.deleted || !workspace.isMember(channel, visible_to))
      return refuse('user_not_in_channel')
  }
  const content = readContent(args, files)
  if (!content.ok) return content
  if (content.text === '' && !content.blocks?.length) return refuse('no_text')
  const thread_ts = args.text('thread_ts') ?? null
  const parent = thread_ts === null ? undefined : workspace.messages.find(channel.id, thread_ts)
  if (thread_ts !== null && !parent) return refuse('thread_not_found')
  const message: StoredMessage = {
    channel: channel.id,
    ts: workspace.messages.nextTs(),
    thread_ts: parent?.thread_ts ?? thread_ts,
    user: workspace.team.bot_user_id,
    text: content.text,
    blocks: content.blocks ?? [],
    metadata: content.metadata ?? null,
    visible_to,
    edited_at: null,
    files: [],
    is_broadcast: args.flag('reply_broadcast'),
  }
  workspace.messages.add(message)
  return message
}

function update(args: Arguments, { workspace, files, clock }: Desk): Answer {
  const found = own(args, workspace, 'cant_update_message')
  if ('error' in found) return found
  const channel = workspace.channels.get(found.channel)
  if (channel?.is_archived) return refuse('is_inactive')
  const content = readContent(args, files)
  if (!content.ok) return content
  if (content.text === '' && !content.blocks?.length) return refuse('no_text')
  if (escapedBytes(content.text) > limits.message.updated_text_bytes) return refuse('msg_too_long')
  const message: StoredMessage = {
    ...found,
    text: content.text,
    // Without `blocks`, a new text takes the old blocks away: Slack does not keep them.
    blocks: content.blocks ?? [],
    metadata: content.metadata === undefined ? found.metadata : content.metadata,
    edited_at: clock.now().toISOString(),
  }
  workspace.messages.replace(message)
  const { channel: id, ts, text } = message
  return { ok: true, channel: id, ts, text, message: messageObject(workspace, message, true) }
}

/** The message that the call names, if it is the app's. Private answers cannot be found again. */
function own(args: Arguments, workspace: Workspace, foreign: string): StoredMessage | Refusal {
  const channel = workspace.channels.get(args.text('channel') ?? '')
  if (!channel) return refuse('channel_not_found')
  if (channel.is_private && !workspace.isMember(channel, workspace.team.bot_user_id))
    return refuse('channel_not_found')
  const message = workspace.messages.find(channel.id, args.text('ts') ?? '')
  if (!message || message.visible_to !== null) return refuse('message_not_found')
  return message.user === workspace.team.bot_user_id ? message : refuse(foreign)
}

const content = ['channel', 'text', 'blocks', 'thread_ts', 'parse', 'link_names', 'mrkdwn']

export const chatMethods: Methods = {
  'chat.postMessage': {
    names: [...content, 'metadata', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
    scopes: ['chat:write'],
    run(args, desk) {
      const message = post(args, desk, null)
      if ('error' in message) return message
      const { channel, ts } = message
      return { ok: true, channel, ts, message: messageObject(desk.workspace, message, true) }
    },
  },
  'chat.postEphemeral': {
    names: [...content, 'user'],
    scopes: ['chat:write'],
    run(args, desk) {
      const message = post(args, desk, args.text('user') ?? '')
      return 'error' in message ? message : { ok: true, message_ts: message.ts }
    },
  },
  'chat.update': {
    names: [
      'channel',
      'ts',
      'text',
      'blocks',
      'metadata',
      'parse',
      'link_names',
      'as_user',
      'reply_broadcast',
    ],
    scopes: ['chat:write'],
    run: update,
  },
  'chat.delete': {
    names: ['channel', 'ts', 'as_user'],
    scopes: ['chat:write'],
    run(args, { workspace }) {
      const message = own(args, workspace, 'cant_delete_message')
      if ('error' in message) return message
      workspace.messages.remove(message.channel, message.ts)
      return { ok: true, channel: message.channel, ts: message.ts }
    },
  },
  'chat.getPermalink': {
    names: ['channel', 'message_ts'],
    scopes: [],
    run(args, { workspace, url }) {
      const channel = workspace.channels.get(args.text('channel') ?? '')
      if (!channel) return refuse('channel_not_found')
      const message = workspace.messages.find(channel.id, args.text('message_ts') ?? '')
      if (!message || message.visible_to !== null) return refuse('message_not_found')
      const permalink = `${url()}/archives/${channel.id}/p${message.ts.replace('.', '')}`
      return { ok: true, channel: channel.id, permalink }
    },
  },
}
