import type { SlackParts } from '../context.ts'
import { editView } from '../views/edit/edit-modal.ts'
import { inputOf, judged, type AfterAck, type Click } from './click.ts'

/** Shows the form. Whether the person may edit is judged now and again when it is sent. */
export async function edit(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { trigger_id, ticket } = click
  const input = await inputOf(parts, click)
  const { approval, refusal } = judged(input && (await parts.flow.beginEdit(ticket.approval_id, input)))
  if (approval === null || refusal !== null) return { tell: refusal }
  const view = editView(approval, ticket)
  if (typeof view === 'string') return { tell: view }
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view })
    },
  }
}
