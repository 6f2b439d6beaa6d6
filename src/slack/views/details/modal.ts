import type { Button, KnownBlock, ModalView, StaticSelect } from '@slack/types'
import type { RawApproval } from '../../../approval/shown.ts'
import { fit } from '../limits.ts'
import type { People } from '../people.ts'
import { writeChoice, type Ticket } from '../ticket.ts'
import { pagesOf, type Page } from './pages.ts'
import { partsOf, type Beside } from './parts.ts'

/** Slack's menus have no more entries. */
const mostParts = 100

/** What turns the pages, by action_id. */
export const turning = ['details_previous', 'details_next', 'details_part'] as const

/**
 * All of a request, a page at a time: a pure function of the committed row.
 *
 * @param page counted from 0; one that is not there any more gives the last
 */
export function detailsView(
  approval: RawApproval,
  ticket: Ticket,
  people: People,
  beside: Beside,
  page: number,
): ModalView {
  const pages = pagesOf(partsOf(approval, people, beside))
  const nth = Math.min(Math.max(page, 0), pages.length - 1)
  const blocks = pages[nth]?.blocks ?? []
  // What is shown is the request as it is now, whatever card it was opened from.
  const current = { ...ticket, revision: approval.revision }
  return {
    type: 'modal',
    callback_id: 'details',
    title: { type: 'plain_text', text: 'All of the request' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: pages.length === 1 ? blocks : [...blocks, ...turner(pages, nth, current)],
  }
}

function turner(pages: Page[], nth: number, ticket: Ticket): KnownBlock[] {
  const where = `Page ${nth + 1} of ${pages.length}`
  return [
    { type: 'divider' },
    { type: 'context', elements: [{ type: 'plain_text', text: where }] },
    {
      type: 'actions',
      elements: [
        ...(nth > 0 ? [button('details_previous', 'Previous', ticket, nth - 1)] : []),
        ...(nth < pages.length - 1 ? [button('details_next', 'Next', ticket, nth + 1)] : []),
        contents(pages, ticket),
      ],
    },
  ]
}

function button(action_id: (typeof turning)[number], text: string, ticket: Ticket, to: number): Button {
  return {
    type: 'button',
    action_id,
    text: { type: 'plain_text', text },
    value: writeChoice(ticket, String(to)),
    accessibility_label: `${text} page`,
  }
}

/** Entries of a menu differ in what they carry, also where they lead to one page. */
function contents(pages: Page[], ticket: Ticket): StaticSelect {
  const entries = pages.flatMap(({ parts }, page) =>
    parts.map((title, part) => ({ title, to: `${page}.${part}` })),
  )
  return {
    type: 'static_select',
    action_id: 'details_part',
    placeholder: { type: 'plain_text', text: 'Go to' },
    options: entries.slice(0, mostParts).map(({ title, to }) => ({
      text: { type: 'plain_text', text: fit(title, 75) },
      value: writeChoice(ticket, to),
    })),
  }
}
