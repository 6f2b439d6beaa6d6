import type { KnownBlock } from '@slack/types'
import { limits } from './limits.ts'
import type { Room } from './request.ts'

/** From roomy to narrow: the last fits beside whatever else a card holds. */
const rooms: [Room, ...Room[]] = [
  { arguments: 4_000, changes: 2_000, justification: 700, link: 300 },
  { arguments: 2_000, changes: 1_000, justification: 500, link: 200 },
  { arguments: 700, changes: 400, justification: 300, link: 80 },
]

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
