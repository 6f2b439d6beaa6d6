import type { SandboxClock } from './clock.ts'
import type { Message, SharedFile } from './protocol.ts'

/** A message with the files shared in it. Stored messages are never changed in place: a new one takes the place. */
export type StoredMessage = Message & { files: SharedFile[]; is_broadcast: boolean }

type Shelf = { order: StoredMessage[]; position: Map<string, number>; replies: Map<string, string[]> }

/** Messages of every channel, found by channel and ts in constant time. `touch` is called on every change. */
export function createMessageStore(clock: SandboxClock, touch: () => void) {
  const shelves = new Map<string, Shelf>()
  let lastTs = 0

  function shelf(channel: string): Shelf {
    let found = shelves.get(channel)
    if (!found) {
      found = { order: [], position: new Map(), replies: new Map() }
      shelves.set(channel, found)
    }
    return found
  }

  function add(message: StoredMessage) {
    const { order, position, replies } = shelf(message.channel)
    position.set(message.ts, order.push(message) - 1)
    if (message.thread_ts && message.thread_ts !== message.ts && !message.visible_to) {
      replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message.ts])
    }
    // A clock that was moved back must not hand out a ts twice.
    lastTs = Math.max(lastTs, Math.round(Number(message.ts) * 1e6))
    touch()
  }

  function find(channel: string, ts: string): StoredMessage | undefined {
    const place = shelves.get(channel)
    const index = place?.position.get(ts)
    return index === undefined ? undefined : place?.order[index]
  }

  return {
    add,
    find,
    /** A ts that no message has: seconds, a dot and six digits, rising. */
    nextTs(): string {
      lastTs = Math.max(clock.now().getTime() * 1000, lastTs + 1)
      return `${Math.floor(lastTs / 1e6)}.${String(lastTs % 1e6).padStart(6, '0')}`
    },
    replace(message: StoredMessage) {
      const { order, position } = shelf(message.channel)
      const index = position.get(message.ts)
      if (index === undefined) return
      order[index] = message
      touch()
    },
    remove(channel: string, ts: string) {
      const { order, position, replies } = shelf(channel)
      const index = position.get(ts)
      if (index === undefined) return
      const [gone] = order.splice(index, 1)
      position.delete(ts)
      for (let at = index; at < order.length; at += 1) {
        const later = order[at]
        if (later) position.set(later.ts, at)
      }
      if (gone?.thread_ts) {
        const left = replies.get(gone.thread_ts)?.filter((reply) => reply !== ts)
        if (left) replies.set(gone.thread_ts, left)
      }
      touch()
    },
    /** Oldest first. Not a copy. */
    inChannel: (channel: string): readonly StoredMessage[] => shelves.get(channel)?.order ?? [],
    /** The replies below `thread_ts`, oldest first, without the parent. */
    replies: (channel: string, thread_ts: string): StoredMessage[] =>
      (shelves.get(channel)?.replies.get(thread_ts) ?? []).flatMap((ts) => find(channel, ts) ?? []),
    /** Of every channel, oldest first in each; at most the newest `perChannel` of each. */
    all(perChannel = Infinity): StoredMessage[] {
      const lists = [...shelves.values()].map(({ order }) =>
        order.length > perChannel ? order.slice(-perChannel) : order,
      )
      return lists.flat()
    },
  }
}
