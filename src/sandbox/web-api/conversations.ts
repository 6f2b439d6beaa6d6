import { refuse } from '../content.ts'
import type { Refusal } from '../content.ts'
import type { StoredMessage } from '../message-store.ts'
import { channelObject, messageObject } from '../objects.ts'
import type { Channel } from '../protocol.ts'
import type { Workspace } from '../workspace.ts'
import type { Arguments } from './arguments.ts'
import { page, pageStart } from './method.ts'
import type { Answer, Desk, Methods } from './method.ts'

/** A conversation that the app can see: public, or with the app in it. */
function visible(args: Arguments, workspace: Workspace): Channel | Refusal {
  const channel = workspace.channels.get(args.text('channel') ?? '')
  if (!channel) return refuse('channel_not_found')
  const hidden = channel.is_private && !workspace.isMember(channel, workspace.team.bot_user_id)
  return hidden ? refuse('channel_not_found') : channel
}

/** `ts` in microseconds: strings of seconds may come with fewer decimals. */
function micros(ts: string): number {
  return Math.round(Number(ts) * 1e6)
}

type Span = { holds: (message: StoredMessage) => boolean; isPast: (message: StoredMessage) => boolean }

function spanOf(args: Arguments): Span {
  const oldest = micros(args.text('oldest') ?? '0')
  const latest = args.has('latest') ? micros(args.text('latest') ?? '0') : Infinity
  const inclusive = args.flag('inclusive')
  return {
    holds({ ts }) {
      const at = micros(ts)
      return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
    },
    isPast: ({ ts }) => micros(ts) < oldest,
  }
}

/** Newest first. A reply shows in its thread only, a private answer nowhere. No more than the page asks for is read. */
function history(args: Arguments, all: readonly StoredMessage[]): StoredMessage[] {
  const span = spanOf(args)
  const enough = pageStart(args) + args.count('limit', 100) + 1
  const shown: StoredMessage[] = []
  for (let at = all.length - 1; at >= 0 && shown.length < enough; at -= 1) {
    const message = all[at]
    if (!message || span.isPast(message)) break
    const isReply = message.thread_ts !== null && message.thread_ts !== message.ts && !message.is_broadcast
    if (message.visible_to === null && !isReply && span.holds(message)) shown.push(message)
  }
  return shown
}

function read(
  args: Arguments,
  { workspace }: Desk,
  list: (channel: Channel) => StoredMessage[] | Refusal,
): Answer {
  const channel = visible(args, workspace)
  if ('error' in channel) return channel
  if (!workspace.isMember(channel, workspace.team.bot_user_id)) return refuse('not_in_channel')
  const found = list(channel)
  if (!Array.isArray(found)) return found
  const { items, response_metadata } = page(found, args)
  const with_metadata = args.flag('include_all_metadata')
  return {
    ok: true,
    messages: items.map((message) => messageObject(workspace, message, with_metadata)),
    has_more: response_metadata.next_cursor !== '',
    response_metadata,
  }
}

const timeline = ['channel', 'cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata']
const kinds: Record<string, (channel: Channel) => boolean> = {
  public_channel: (channel) => !channel.is_private,
  private_channel: (channel) => channel.is_private && !channel.is_im,
  im: (channel) => channel.is_im,
  mpim: () => false,
}

export const conversationMethods: Methods = {
  'conversations.history': {
    names: timeline,
    scopes: [],
    by_kind: 'history',
    run: (args, desk) =>
      read(args, desk, (channel) => history(args, desk.workspace.messages.inChannel(channel.id))),
  },
  'conversations.replies': {
    names: [...timeline, 'ts'],
    scopes: [],
    by_kind: 'history',
    run: (args, desk) =>
      read(args, desk, (channel) => {
        const parent = desk.workspace.messages.find(channel.id, args.text('ts') ?? '')
        if (!parent || parent.visible_to !== null) return refuse('thread_not_found')
        const replies = desk.workspace.messages.replies(channel.id, parent.thread_ts ?? parent.ts)
        return [parent, ...replies.filter(spanOf(args).holds)]
      }),
  },
  'conversations.info': {
    names: ['channel', 'include_locale', 'include_num_members'],
    scopes: [],
    by_kind: 'read',
    run(args, { workspace }) {
      const channel = visible(args, workspace)
      return 'error' in channel ? channel : { ok: true, channel: channelObject(workspace, channel) }
    },
  },
  'conversations.members': {
    names: ['channel', 'cursor', 'limit'],
    scopes: [],
    by_kind: 'read',
    run(args, { workspace }) {
      const channel = visible(args, workspace)
      if ('error' in channel) return channel
      const { items, response_metadata } = page(channel.members, args)
      return { ok: true, members: items, response_metadata }
    },
  },
  'conversations.list': {
    names: ['types', 'exclude_archived', 'cursor', 'limit', 'team_id'],
    scopes: ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
    run(args, { workspace }) {
      const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim())
      if (!types.every((type) => Object.hasOwn(kinds, type))) return refuse('invalid_types')
      const all = [...workspace.channels.values()].filter(
        (channel) =>
          types.some((type) => kinds[type]?.(channel)) &&
          !(channel.is_archived && args.flag('exclude_archived')) &&
          (!channel.is_private || workspace.isMember(channel, workspace.team.bot_user_id)),
      )
      const { items, response_metadata } = page(all, args)
      return {
        ok: true,
        channels: items.map((channel) => channelObject(workspace, channel)),
        response_metadata,
      }
    },
  },
  'conversations.open': {
    names: ['users', 'channel', 'return_im', 'prevent_creation'],
    scopes: ['im:write', 'mpim:write'],
    run(args, { workspace }) {
      const users = args.text('users')?.split(',') ?? []
      const user = args.has('channel')
        ? workspace.channels.get(args.text('channel') ?? '')?.members[0]
        : users[0]
      // Group conversations are not part of this workspace.
      if (users.length > 1) return refuse('not_enough_users')
      const person = workspace.people.get(user ?? '')
      if (!person || person.is_bot) return refuse('user_not_found')
      if (person.deleted) return refuse('user_disabled')
      const channel = workspace.directMessage(person.id)
      return {
        ok: true,
        channel: args.flag('return_im') ? channelObject(workspace, channel) : { id: channel.id },
      }
    },
  },
  'conversations.join': {
    names: ['channel'],
    scopes: ['channels:join'],
    run(args, { workspace }) {
      const channel = visible(args, workspace)
      if ('error' in channel) return channel
      if (channel.is_im) return refuse('method_not_supported_for_channel_type')
      if (channel.is_archived) return refuse('is_archived')
      const members = [...new Set([...channel.members, workspace.team.bot_user_id])]
      workspace.edit.setMembers(channel.id, members)
      return { ok: true, channel: channelObject(workspace, { ...channel, members }) }
    },
  },
}
