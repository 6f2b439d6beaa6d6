import type { Message } from '../protocol.ts'
import { compareTs, isTopLevel } from './directory.ts'
import type { Directory } from './directory.ts'

const store = 'sandbox.read'

/** How far each person has read each channel: person → channel → `ts`. Kept in this browser only. */
let marks: Record<string, Record<string, string>> = load()

function load(): Record<string, Record<string, string>> {
  try {
    return JSON.parse(localStorage.getItem(store) ?? '{}') as Record<string, Record<string, string>>
  } catch {
    return {}
  }
}

export function readUpTo(person: string, channel: string): string {
  return marks[person]?.[channel] ?? ''
}

export function markRead(person: string, channel: string, ts: string): void {
  if (compareTs(ts, readUpTo(person, channel)) <= 0) return
  marks = { ...marks, [person]: { ...marks[person], [channel]: ts } }
  localStorage.setItem(store, JSON.stringify(marks))
}

/** What the person has not seen: others' messages in the channel itself, and private answers wherever they stand. */
export function unreadIn(directory: Directory, channel: string): Message[] {
  const mark = readUpTo(directory.me.id, channel)
  return directory
    .messagesIn(channel)
    .filter((message) => message.user !== directory.me.id && compareTs(message.ts, mark) > 0)
    .filter((message) => isTopLevel(message) || message.visible_to !== null)
}
