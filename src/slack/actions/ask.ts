import type { SlackParts } from '../context.ts'
import { questionView } from '../views/question-modal.ts'
import type { Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { judge, type AfterAck, type Click, type Judged } from './click.ts'

/** Opens the form for a question. Whether the person may ask is judged now and again when the question comes. */
export async function ask(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await askBy(parts, click, null)
  if (approval === null || refusal !== null) return { tell: refusal }
  const { trigger_id, ticket } = click
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: questionView(approval, ticket) })
    },
  }
}

/** Asks, or with no `text` is about to. */
export function askBy(
  parts: SlackParts,
  from: { visitor: Visitor; ticket: Ticket },
  text: string | null,
): Promise<Judged> {
  const { approval_id, ...card } = from.ticket
  return judge(parts, from, (by, membership) =>
    parts.flow.ask(approval_id, { by, membership, text, ...card }),
  )
}
