import type { ActionsBlock, Button, KnownBlock, ModalView } from '@slack/types'
import { openStage, type Approval } from '../../approval/approval.ts'
import { reveal } from '../../approval/reveal.ts'
import type { FloodCounts, FloodMember, FloodRow } from '../../flow/floods.ts'
import type { Rendered } from '../posts.ts'
import { headline } from './headline.ts'
import { fit, limits } from './limits.ts'
import { countOf } from './status.ts'
import { bold, date, escapeMrkdwn, line, plain, richText } from './text.ts'
import { writeChoice, type Ticket } from './ticket.ts'

/** So many are listed on the card, the nearest deadline first, and so many on a page of the form with all of them. */
export const listedOn = { card: 8, page: 30 } as const

/** Which page of which flood a button leads to. */
export type FloodPage = { flood_id: string; from: number }

/** One card for what an agent asked too much of at once: how it stands, what waits, and a way into each. */
export function floodCard(flood: FloodRow, counts: FloodCounts, waiting: FloodMember[]): Rendered {
  const { id, agent_name, most } = flood
  const name = reveal(agent_name)
  const title = fit(`${name} asks a lot at once: ${requests(counts.total)}`, limits.header)
  const more = counts.waiting - waiting.length
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
    richText(
      line(bold(standing(counts))),
      line(
        plain(
          `It asked more than ${most} times within a minute here. What came after that is gathered on this card; each is decided on its own.`,
        ),
      ),
    ),
    ...waiting.flatMap((member) => rows(member, id)),
    ...(more > 0 ? [richText(line(plain(`… and ${more.toLocaleString('en')} more that wait`)))] : []),
    ...allOf(id, waiting, more),
    { type: 'context', elements: [{ type: 'plain_text', text: `Countersign · ${id}`, emoji: false }] },
  ]
  return {
    text: `${escapeMrkdwn(title)}. ${standing(counts)}.`,
    blocks,
    metadata: { event_type: 'countersign_flood', event_payload: { flood_id: id } },
  }
}

/** All that waits of a flood, a page at a time. `from` counts from 0. */
export function floodModal(
  { id, agent_name }: FloodRow,
  counts: FloodCounts,
  waiting: FloodMember[],
  from: number,
): ModalView {
  const first = ticketOf(waiting)
  const turn = (action_id: string, text: string, to: number): Button[] =>
    first ? [button(action_id, text, writeChoice(first, `${id}:${to}`), `${text} requests`)] : []
  const turns = [
    ...(from > 0 ? turn('flood_previous', 'Previous', Math.max(0, from - listedOn.page)) : []),
    ...(from + waiting.length < counts.waiting ? turn('flood_next', 'Next', from + listedOn.page) : []),
  ]
  const range = `${from + 1} to ${from + waiting.length} of ${counts.waiting.toLocaleString('en')}`
  return {
    type: 'modal',
    callback_id: 'flood',
    title: { type: 'plain_text', text: 'What waits' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      richText(
        line(bold(reveal(agent_name))),
        line(
          plain(
            waiting.length === 0
              ? 'Nothing of this waits any more.'
              : `${range}, the nearest deadline first. Open puts a request’s own card into the thread, to be decided there.`,
          ),
        ),
      ),
      ...waiting.flatMap((member) => rows(member, `${id}:${from}`)),
      ...(turns.length > 0 ? [{ type: 'actions' as const, elements: turns }] : []),
    ],
  }
}

/** `where` is the flood, and in the form the page that is looked at. */
function rows({ approval, stage, opened }: FloodMember, where: string): KnownBlock[] {
  const state = approval.stages[stage]
  const open = writeChoice({ ...ticket(approval), stage }, where)
  const actions: ActionsBlock = {
    type: 'actions',
    elements: [button('flood_open', 'Open', open, `Open ${headline(approval, 60)}`)],
  }
  return [
    richText(
      line(bold(headline(approval, 120))),
      line(
        plain(`${approval.risk} risk, ${state ? `${countOf(state)}, ` : ''}ends `),
        date(approval.expires_at),
        plain(opened ? '. Its card is in the thread.' : ''),
      ),
    ),
    ...(opened ? [] : [actions]),
  ]
}

function allOf(id: string, waiting: FloodMember[], more: number): ActionsBlock[] {
  const first = ticketOf(waiting)
  if (more <= 0 || !first) return []
  return [
    {
      type: 'actions',
      elements: [button('flood_list', 'All that wait', writeChoice(first, `${id}:0`), 'List all that wait')],
    },
  ]
}

function standing({ waiting, total, approved = 0, rejected = 0, ...counts }: FloodCounts): string {
  const elsewhere = total - waiting - approved - rejected - (counts.expired ?? 0) - (counts.cancelled ?? 0)
  const parts: [number, string][] = [
    [waiting, 'waiting'],
    [elsewhere, 'waiting for another stage'],
    [approved, 'approved'],
    [rejected, 'rejected'],
    [counts.expired ?? 0, 'expired'],
    [counts.cancelled ?? 0, 'cancelled'],
  ]
  const told = parts.flatMap(([count, word]) => (count > 0 ? [`${count.toLocaleString('en')} ${word}`] : []))
  return `${waiting > 0 ? '⏳' : '✓'} ${told.join(', ')}`
}

function requests(count: number): string {
  return count === 1 ? '1 request' : `${count.toLocaleString('en')} requests`
}

function ticketOf(waiting: FloodMember[]): Ticket | null {
  return waiting[0] ? ticket(waiting[0].approval) : null
}

function ticket(approval: Approval): Ticket {
  return {
    approval_id: approval.id,
    stage: openStage(approval) ?? 0,
    revision: approval.revision,
    seen: null,
  }
}

function button(action_id: string, text: string, value: string, accessibility_label: string): Button {
  return {
    type: 'button',
    action_id,
    text: { type: 'plain_text', text },
    value,
    accessibility_label: fit(accessibility_label, 75),
  }
}

/** `fld_…` or `fld_…:30`. Null where it is neither. */
export function readFloodPage(choice: string | null): FloodPage | null {
  const [, flood_id, from = '0'] = /^(fld_[a-z0-9]{26})(?::(\d{1,6}))?$/.exec(choice ?? '') ?? []
  return flood_id === undefined ? null : { flood_id, from: Number(from) }
}
