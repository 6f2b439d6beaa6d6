import type { BreakGlassInput } from '../../approval/break-glass.ts'
import type { SlackParts } from '../context.ts'
import { reasonView } from '../views/reason-modal.ts'
import type { Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { judge, type AfterAck, type Click, type Judged } from './click.ts'

/** Asks for the reason. Whether the person may is judged now and again when the reason comes. */
export async function breakGlass(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await breakGlassBy(parts, 'begin_break_glass', click, '')
  if (approval === null || refusal !== null) return { tell: refusal }
  const { trigger_id, ticket } = click
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: reasonView('break_glass', approval, ticket) })
    },
  }
}

export async function breakGlassBy(
  parts: SlackParts,
  type: BreakGlassInput['type'],
  from: { visitor: Visitor; ticket: Ticket },
  comment: string,
): Promise<Judged> {
  const { approval_id, ...card } = from.ticket
  const named = await parts.workspace.mayBreakGlass(from.visitor)
  return judge(parts, from, (by, membership) =>
    parts.flow.breakGlass(approval_id, { type, by, membership, comment, named, ...card }),
  )
}
