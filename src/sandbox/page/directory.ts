import type { Channel, Message, Person, Snapshot, UserGroup } from '../protocol.ts'

/** Who and what the names in a workspace stand for, and what one person may see of it. */
export type Directory = ReturnType<typeof createDirectory>

/** @param me the user id of the person whose screen this is */
export function createDirectory(snapshot: Snapshot, me: string) {
  const people = new Map(snapshot.people.map((person) => [person.id, person]))
  const groups = new Map(snapshot.groups.map((group) => [group.id, group]))
  const channels = new Map(snapshot.channels.map((channel) => [channel.id, channel]))
  const humans = snapshot.people.filter((person) => !person.is_bot && !person.deleted)
  const self = people.get(me) ?? humans[0] ?? nobody
  const isMember = (channel: Channel) => channel.members.includes(self.id)
  const isVisible = (message: Message) => message.visible_to === null || message.visible_to === self.id

  return {
    me: self,
    team: snapshot.team,
    humans,
    groups: snapshot.groups,
    channels: snapshot.channels,
    person: (id: string): Person | undefined => people.get(id),
    group: (id: string): UserGroup | undefined => groups.get(id),
    channel: (id: string): Channel | undefined => channels.get(id),
    isMember,
    /** Channels in the sidebar: one's own, then the public ones that one could look into. */
    joined: snapshot.channels.filter((channel) => !channel.is_im && isMember(channel)),
    others: snapshot.channels.filter(
      (channel) => !channel.is_im && !channel.is_private && !isMember(channel),
    ),
    /** The direct message with the app, once there is one. */
    directMessage: snapshot.channels.find((channel) => channel.is_im && isMember(channel)),
    /** What this person sees of a channel, oldest first, replies included. */
    messagesIn: (channel: string): Message[] =>
      snapshot.messages
        .filter((message) => message.channel === channel && isVisible(message))
        .sort((one, other) => compareTs(one.ts, other.ts)),
  }
}

/** Slack's `ts` is seconds and a counter, as text; equal lengths compare as text, and lengths only grow. */
export function compareTs(one: string, other: string): number {
  return one.length === other.length ? (one < other ? -1 : Number(one > other)) : one.length - other.length
}

/** Whether a message stands in the channel itself rather than in a thread. */
export function isTopLevel(message: Message): boolean {
  return message.thread_ts === null || message.thread_ts === message.ts
}

const nobody: Person = {
  id: '',
  name: 'nobody',
  real_name: 'Nobody',
  title: '',
  tz: 'UTC',
  is_bot: false,
  is_admin: false,
}
