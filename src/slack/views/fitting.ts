import type { KnownBlock } from '@slack/types'
import type { Extent } from '../../approval/shown.ts'
import { limits } from './limits.ts'
import type { RequestRoom } from './request.ts'
import type { EditedRoom } from './edited.ts'
import type { SaidRoom } from './said.ts'

/** How much of everything that has no fixed length is shown. */
export type Room = RequestRoom & SaidRoom & EditedRoom

/** From roomy to narrow: the last fits beside whatever else a card holds. */
const rooms: [Room, ...Room[]] = [roomOf(18, 320), roomOf(12, 200), roomOf(8, 100), roomOf(5, 70)]

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

/** On a phone: a line holds so many characters, and two screens so many lines. Below them nobody looks for the buttons. */
const phone = { characters: 42, lines: 70 }

/** Builds blocks with as much of the agent's text as one message takes, and as leaves the buttons within reach. */
export function fitting(build: (room: Room) => KnownBlock[]): KnownBlock[] {
  let blocks = build(rooms[0])
  for (const room of rooms.slice(1)) {
    if (weigh(blocks) <= limits.message_characters && linesIn(blocks) <= phone.lines) break
    blocks = build(room)
  }
  return blocks
}

function weigh(blocks: KnownBlock[]): number {
  return blocks.length * blockWeight + textIn(blocks)
}

/** About how many lines of a phone it takes. */
function linesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value)
  const isLine = 'type' in value && typeof value.type === 'string' && lineTypes.has(value.type)
  if (!isLine) return inner.reduce<number>((sum, one) => sum + linesIn(one), 0)
  const lines = wordsIn(value).split('\n')
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / phone.characters)), 0)
}

const lineTypes = new Set([
  'rich_text_section',
  'rich_text_quote',
  'rich_text_preformatted',
  'context',
  'header',
  'section',
])

function wordsIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  const own = 'text' in value && typeof value.text === 'string' ? value.text : ''
  return own + Object.values(value).map(wordsIn).join('')
}

function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + textIn(inner), 0)
}
