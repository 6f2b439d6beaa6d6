import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { canBeApproved, canBeEdited } from '../../approval/effective.ts'
import { formatDuration } from '../../approval/duration.ts'
import { headline } from './request.ts'
import { writeTicket } from './ticket.ts'

/** What can be clicked on the card of an open stage. Every button carries the same ticket, and no authority. */
export function buttons(approval: Approval, stage: number): ActionsBlock {
  const value = writeTicket({ approval_id: approval.id, stage, revision: approval.revision })
  const what = headline(approval, 50)
  const button = (action_id: string, text: string, style?: 'primary' | 'danger'): Button => ({
    type: 'button',
    action_id,
    text: { type: 'plain_text', text },
    value,
    accessibility_label: `${text}: ${what}`,
    ...(style ? { style } : {}),
  })
  const { extend_ms } = approval.plan
  const canApprove = canBeApproved(approval) && approval.freeze === null
  return {
    type: 'actions',
    elements: [
      ...(canApprove ? [button('approve', 'Approve', 'primary')] : []),
      button('reject', 'Reject', 'danger'),
      ...(canBeEdited(approval) && approval.freeze === null ? [button('edit', 'Edit')] : []),
      ...(extend_ms !== null && approval.freeze === null && !approval.escalation.extended
        ? [button('extend', `Extend ${formatDuration(extend_ms)}`)]
        : []),
      ...(canApprove && approval.plan.break_glass
        ? [{ ...button('break_glass', 'Break glass'), confirm: sure }]
        : []),
    ],
  }
}

/** Few may press it, and nobody by mistake. */
const sure: ConfirmationDialog = {
  title: { type: 'plain_text', text: 'Break glass?' },
  text: {
    type: 'plain_text',
    text: 'For emergencies: you would approve this alone, with a reason, and everybody is told. Only the people whom the policy names can.',
  },
  confirm: { type: 'plain_text', text: 'Go on' },
  deny: { type: 'plain_text', text: 'Back' },
  style: 'danger',
}
