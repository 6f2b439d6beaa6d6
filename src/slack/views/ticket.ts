import type { ActionsBlock, KnownBlock } from '@slack/types'
import type { Seen } from '../../approval/click.ts'

/**
 * What a button carries: which card it was on, and what that card showed. It carries no authority; who may do what is
 * decided at the click.
 */
export type Ticket = { approval_id: string; stage: number; revision: number; seen: Seen | null }

export function writeTicket({ seen, ...card }: Ticket): string {
  return JSON.stringify(seen === null ? card : { ...card, seen })
}

/** Null where the text is not a ticket of ours. */
export function readTicket(text: string | undefined): Ticket | null {
  if (text === undefined) return null
  try {
    return ticketOf(JSON.parse(text) as Partial<Ticket> | null)
  } catch {
    return null
  }
}

function readSeen(value: Partial<Seen> | null | undefined): Seen | null {
  const { shown, channel, ts } = value ?? {}
  if (typeof shown !== 'string') return null
  return {
    shown,
    channel: typeof channel === 'string' ? channel : null,
    ts: typeof ts === 'string' ? ts : null,
  }
}

/**
 * Writes into the tickets of a card's buttons what the card shows: a click then says by itself what its clicker had before
 * them, also where the card is changed while somebody looks at it.
 *
 * @param shown the hash of the card without this
 */
export function withShown(blocks: KnownBlock[], shown: string): KnownBlock[] {
  return blocks.map((block) =>
    block.type === 'actions'
      ? { ...block, elements: block.elements.map((one) => marked(one, shown)) }
      : block,
  )
}

function marked(element: ActionsBlock['elements'][number], shown: string): ActionsBlock['elements'][number] {
  const ticket = element.type === 'button' ? readTicket(element.value) : null
  if (element.type !== 'button' || ticket === null) return element
  return { ...element, value: writeTicket({ ...ticket, seen: { shown, channel: null, ts: null } }) }
}

/** A ticket with what was chosen, short enough for an entry of a menu, which holds 75 characters. */
export function writeChoice({ approval_id, stage, revision }: Ticket, choice: string): string {
  return `${approval_id} ${stage} ${revision} ${choice}`
}

export function readChoice(text: string | undefined): { ticket: Ticket; choice: string } | null {
  const [, approval_id, stage, revision, choice] = /^(\S+) (\d{1,9}) (\d{1,9}) (\S+)$/.exec(text ?? '') ?? []
  const ticket = ticketOf({ approval_id: approval_id!, stage: Number(stage), revision: Number(revision) })
  return ticket && choice !== undefined ? { ticket, choice } : null
}

function ticketOf(value: Partial<Ticket> | null): Ticket | null {
  if (typeof value?.approval_id !== 'string' || !/^apr_[a-z0-9]{26}$/.test(value.approval_id)) return null
  if (!Number.isInteger(value.stage) || !Number.isInteger(value.revision)) return null
  const { approval_id, stage, revision } = value
  return { approval_id, stage: stage!, revision: revision!, seen: readSeen(value.seen) }
}
