import { rolesIn } from '../../approval/approval.ts'
import type { RevokeInput } from '../../approval/revoke.ts'
import type { SlackParts } from '../context.ts'
import { reasonView } from '../views/reason-modal.ts'
import type { Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { inputOf, judged, type AfterAck, type Click, type Judged } from './click.ts'

/** Asks for the reason. Whether the person may is judged now and again when the reason comes. */
export async function revoke(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await revokeBy(parts, 'begin_revoke', click, '')
  if (approval === null || refusal !== null) return { tell: refusal }
  const { trigger_id, ticket } = click
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: reasonView('revoke', approval, ticket) })
    },
  }
}

export async function revokeBy(
  parts: SlackParts,
  type: RevokeInput['type'],
  from: { visitor: Visitor; ticket: Ticket },
  comment: string,
): Promise<Judged> {
  // Where Slack does not say whose workspace they are of, they are no admin.
  const is_admin = await parts.workspace.isAdmin(from.visitor).catch(() => false)
  const input = await inputOf(parts, from, rolesIn)
  return judged(
    input && (await parts.flow.revoke(from.ticket.approval_id, { type, is_admin, comment, ...input })),
  )
}
