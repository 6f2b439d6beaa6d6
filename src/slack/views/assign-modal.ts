import type { ModalView } from '@slack/types'
import { openStage, votingRoles, type Approval } from '../../approval/approval.ts'
import { headline } from './headline.ts'
import { writeTicket, type Ticket } from './ticket.ts'

export const assignForm = { callback_id: 'assign' } as const

const field = { block_id: 'assignee', action_id: 'assignee' } as const

/** Asks who is to decide it. */
export function assignView(approval: Approval, ticket: Ticket): ModalView {
  const text = (words: string) => ({ type: 'plain_text' as const, text: words })
  const stage = approval.stages[openStage(approval) ?? -1]
  const roles = stage ? votingRoles(stage).join(' or ') : 'its roles'
  return {
    type: 'modal',
    callback_id: assignForm.callback_id,
    private_metadata: writeTicket(ticket),
    title: text('Assign the request'),
    submit: text('Assign'),
    close: text('Back'),
    blocks: [
      { type: 'section', text: { ...text(headline(approval, 500)), emoji: false } },
      {
        type: 'input',
        block_id: field.block_id,
        label: text('To whom?'),
        hint: text(
          `Somebody of ${roles} who may approve it. They are pinged in the thread; everybody else can decide it all the same.`,
        ),
        element: { type: 'users_select', action_id: field.action_id, focus_on_load: true },
      },
    ],
  }
}

/** Who was chosen; null where nobody was. */
export function assigneeIn(
  values: Record<string, Record<string, { selected_user?: string | null }>>,
): string | null {
  return values[field.block_id]?.[field.action_id]?.selected_user ?? null
}

/** The form's answer to a choice that cannot be. */
export function assigneeFault(words: string): Record<string, string> {
  return { [field.block_id]: words }
}
