import { votingRoles } from '../../approval/approval.ts'
import type { SlackParts } from '../context.ts'
import { assignView } from '../views/assign-modal.ts'
import type { Ticket } from '../views/ticket.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { inputOf, judged, type AfterAck, type Click, type Judged } from './click.ts'

/** Asks whom to assign it to. Whether both of them may is judged when that is sent. */
export async function assign(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { trigger_id, ticket } = click
  const input = await inputOf(parts, click)
  const begun = input && (await parts.flow.assign(ticket.approval_id, { type: 'begin_assign', ...input }))
  const { approval, refusal } = judged(begun)
  if (approval === null || refusal !== null) return { tell: refusal }
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: assignView(approval, ticket) })
    },
  }
}

/** `of_assignee` says whether a refusal is about whom was chosen. */
export async function assignTo(
  parts: SlackParts,
  from: { visitor: Visitor; ticket: Ticket },
  slack_user_id: string,
): Promise<Judged & { of_assignee: boolean }> {
  const { approval_id, stage } = from.ticket
  const [input, approval] = await Promise.all([inputOf(parts, from), parts.flow.find(approval_id)])
  const state = approval?.stages[stage]
  const [to, to_membership] = await Promise.all([
    parts.workspace.person(slack_user_id),
    parts.workspace.membershipOf(slack_user_id, state ? votingRoles(state) : []),
  ])
  const changed =
    input && (await parts.flow.assign(approval_id, { type: 'assign', to, to_membership, ...input }))
  const of_assignee = changed !== null && !changed.reply.counted && changed.reply.detail !== undefined
  return { ...judged(changed), of_assignee }
}
