import type { StoredMessage } from './message-store.ts'
import type { Channel, Person, UserGroup } from './protocol.ts'
import type { StoredView } from './view-store.ts'
import type { Workspace } from './workspace.ts'

/** Objects as Slack writes them (docs.slack.dev/reference/objects), from what the workspace holds. */
export type Written = Record<string, unknown>

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000)
}

export function messageObject(
  { team, messages }: Workspace,
  message: StoredMessage,
  with_metadata = false,
): Written {
  const replies = messages.replies(message.channel, message.ts)
  const fromApp = message.user === team.bot_user_id
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(fromApp ? { bot_id: team.bot_id, app_id: team.app_id } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.files.length > 0 ? { files: message.files } : {}),
    ...(message.edited_at
      ? { edited: { user: message.user, ts: `${seconds(message.edited_at)}.000000` } }
      : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(replies.length > 0
      ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }
      : {}),
    ...(with_metadata && message.metadata ? { metadata: message.metadata } : {}),
  }
}

export function channelObject({ team }: Workspace, channel: Channel): Written {
  if (channel.is_im) {
    const user = channel.members.find((member) => member !== team.bot_user_id)
    return {
      id: channel.id,
      is_im: true,
      is_channel: false,
      user,
      is_archived: channel.is_archived,
      is_open: true,
    }
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.is_private,
    is_group: channel.is_private,
    is_im: false,
    is_mpim: false,
    is_private: channel.is_private,
    is_archived: channel.is_archived,
    is_member: channel.members.includes(team.bot_user_id),
    context_team_id: team.id,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  }
}

export function userObject({ team }: Workspace, person: Person): Written {
  const stranger = person.team_id !== undefined && person.team_id !== team.id
  return {
    id: person.id,
    team_id: person.team_id ?? team.id,
    name: person.name,
    real_name: person.real_name,
    deleted: person.deleted ?? false,
    tz: person.tz,
    is_bot: person.is_bot,
    is_app_user: false,
    is_restricted: false,
    is_ultra_restricted: false,
    ...(stranger
      ? { is_stranger: true }
      : { is_admin: person.is_admin, is_owner: person.is_admin, is_primary_owner: false }),
    profile: {
      real_name: person.real_name,
      display_name: person.name,
      title: person.title,
      team: person.team_id ?? team.id,
      ...(person.is_bot ? { bot_id: team.bot_id, api_app_id: team.app_id } : {}),
    },
  }
}

export function groupObject({ team }: Workspace, group: UserGroup, with_users: boolean): Written {
  return {
    id: group.id,
    team_id: team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    handle: group.handle,
    description: '',
    date_delete: 0,
    user_count: group.users.length,
    ...(with_users ? { users: group.users } : {}),
  }
}

export function viewObject({ team }: Workspace, stored: StoredView): Written {
  const { view } = stored
  return {
    id: stored.id,
    team_id: team.id,
    type: view.type,
    blocks: view['blocks'],
    private_metadata: view['private_metadata'] ?? '',
    callback_id: view['callback_id'] ?? '',
    external_id: view['external_id'] ?? '',
    state: { values: stored.values },
    hash: stored.hash,
    title: view['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    close: view['close'] ?? null,
    submit: view['submit'] ?? null,
    clear_on_close: view['clear_on_close'] ?? false,
    notify_on_close: view['notify_on_close'] ?? false,
    root_view_id: stored.root_view_id,
    previous_view_id: stored.previous_view_id,
    app_id: team.app_id,
    app_installed_team_id: team.id,
    bot_id: team.bot_id,
  }
}
