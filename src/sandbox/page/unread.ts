import type { Message } from '../protocol.ts'
import { compareTs, isTopLevel } from './directory.ts'
import type { Directory } from './directory.ts'

/** How far a person has read a channel is kept in this browser only, and shared by its windows. */
const key = (person: string, channel: string) => `sandbox.read ${person} ${channel}`

export function readUpTo(person: string, channel: string): string {
  return localStorage.getItem(key(person, channel)) ?? ''
}

export function markRead(person: string, channel: string, ts: string): void {
  if (compareTs(ts, readUpTo(person, channel)) > 0) localStorage.setItem(key(person, channel), ts)
}

/** What the person has not seen: others' messages in the channel itself, and private answers wherever they stand. */
export function unreadIn(directory: Directory, channel: string): Message[] {
  const mark = readUpTo(directory.me.id, channel)
  return directory
    .messagesIn(channel)
    .filter((message) => message.user !== directory.me.id && compareTs(message.ts, mark) > 0)
    .filter((message) => isTopLevel(message) || message.visible_to !== null)
}
