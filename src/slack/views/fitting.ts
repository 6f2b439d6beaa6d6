import type { KnownBlock } from '@slack/types'
import type { Extent } from '../../approval/shown.ts'
import { limits } from './limits.ts'
import type { RequestRoom } from './request.ts'
import type { EditedRoom } from './edited.ts'
import type { SaidRoom } from './status.ts'

/** How much of everything that has no fixed length is shown. */
export type Room = RequestRoom & SaidRoom & EditedRoom

/**
 * From roomy to narrow: the last fits beside whatever else a card holds. Even the first keeps the buttons within a screen
 * or two of a phone, whatever an agent writes.
 */
const rooms: [Room, ...Room[]] = [roomOf(18, 320), roomOf(12, 200), roomOf(8, 100)]

function roomOf(lines: number, characters: number): Room {
  return {
    fields: { lines, value: characters / 2, text: { lines: 8, characters: characters * 2 } },
    edited: { lines: Math.ceil(lines / 2), value: characters / 2, text: { lines: 4, characters } },
    now: { lines: 4, value: characters / 4, text: { lines: 2, characters } },
    words: { lines: 6, characters: characters * 2 },
    said: characters,
    votes: Math.ceil(lines / 3),
  }
}

/** No card has room for more of one text, or of one object: the rest is not worth being made visible. */
export const enough: Extent = { characters: 2_000, entries: 200 }

/** What each block weighs besides its text, as measured (slackapi/bolt-js#2509). */
const blockWeight = 125

/** Builds blocks with as much of the agent's text as one message takes. */
export function fitting(build: (room: Room) => KnownBlock[]): KnownBlock[] {
  let blocks = build(rooms[0])
  for (const room of rooms.slice(1)) {
    if (weigh(blocks) <= limits.message_characters) break
    blocks = build(room)
  }
  return blocks
}

function weigh(blocks: KnownBlock[]): number {
  return blocks.length * blockWeight + textIn(blocks)
}

function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + textIn(inner), 0)
}
