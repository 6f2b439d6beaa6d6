import type { ModalView } from '@slack/types'
import type { Approval } from '../../src/approval/approval.ts'
import type { Highlight } from '../../src/audit/index.ts'
import { editView } from '../../src/slack/views/edit/edit-modal.ts'
import { detailsView } from '../../src/slack/views/details/modal.ts'
import { nothingHappenedView } from '../../src/slack/views/nothing-happened.ts'
import { assignView } from '../../src/slack/views/assign-modal.ts'
import { questionView } from '../../src/slack/views/question-modal.ts'
import { reasonView } from '../../src/slack/views/reason-modal.ts'
import { refusalWords } from '../../src/slack/views/refusals.ts'
import type { Ticket } from '../../src/slack/views/ticket.ts'
import { after, approve, bob, minute } from '../approval/given.ts'
import { asked, editableRefund, people, rich, richRefund, waiting } from './scenes.ts'

/** A modal, and what it is for. */
export type Modal = { name: string; shows: string; view: ModalView }

const ticket: Ticket = { approval_id: waiting.id, stage: 0, revision: 1, seen: null }
const highlights: Highlight[] = [
  {
    at: minute(1),
    words: 'Bob Brandt (U_BOB), of finance, voted approve at stage 1: “Checked with the bank”',
  },
  { at: minute(2), words: 'Dora Diaz (U_DORA) read all of it, as of revision 1' },
]
const script = asked(
  {},
  {
    ...richRefund,
    action: {
      tool: 'sql.execute',
      summary: 'Clean up orders that nobody finished',
      justification: null,
      arguments: {
        database: 'orders',
        password: 'hunter-22',
        script: Array.from(
          { length: 400 },
          (_, i) => `delete from orders where id = ${1_000 + i} and state = 'open';`,
        ).join('\n'),
      },
    },
  },
)

const refundSchema = {
  properties: {
    amount: { type: 'number', minimum: 1, title: 'Amount', description: 'What the customer gets back' },
    note: { type: 'string', title: 'For the books' },
  },
  required: ['amount'],
}

function editOf(approval: Approval): ModalView {
  const view = editView(approval, ticket)
  if (typeof view === 'string') throw new Error(view)
  return view
}

const reject_reasons = [
  { reason: 'Not a customer of ours', retry: 'never' as const },
  { reason: 'The amount is wrong', retry: 'after_change' as const },
  { reason: 'Ask again on Monday', retry: null },
]

export const modals: Modal[] = [
  {
    name: 'details',
    shows: 'Details, where all fits on one page',
    view: detailsView(
      after(rich, approve(bob, { comment: 'Checked with the bank' })),
      ticket,
      people,
      { highlights, earlier: null },
      0,
    ),
  },
  {
    name: 'details-page',
    shows: 'Details of a long request, on its second page',
    view: detailsView(script, ticket, people, { highlights: [], earlier: null }, 1),
  },
  {
    name: 'approve',
    shows: 'Approve, where the rule asks why',
    view: reasonView('approve', waiting, ticket),
  },
  {
    name: 'edit',
    shows: 'Edit, by the agent’s schema',
    view: editOf({ ...editableRefund, arguments_schema: refundSchema }),
  },
  { name: 'edit-json', shows: 'Edit, where there is no schema', view: editOf(editableRefund) },
  { name: 'reject', shows: 'Reject', view: reasonView('reject', waiting, ticket) },
  {
    name: 'reject-reasons',
    shows: 'Reject, where the policy has reasons to choose from',
    view: reasonView('reject', { ...waiting, plan: { ...waiting.plan, reject_reasons } }, ticket),
  },
  {
    name: 'approve-with-note',
    shows: 'Approve with a note, of critical risk',
    view: reasonView('approve_with_note', { ...waiting, risk: 'critical' }, ticket),
  },
  { name: 'ask', shows: 'Ask the agent', view: questionView(waiting, ticket) },
  { name: 'assign', shows: 'Assign to a colleague', view: assignView(waiting, ticket) },
  { name: 'revoke', shows: 'Revoke what was approved', view: reasonView('revoke', waiting, ticket) },
  { name: 'break-glass', shows: 'Break glass', view: reasonView('break_glass', waiting, ticket) },
  {
    name: 'nothing-changed',
    shows: 'What a form becomes whose submission could not count',
    view: nothingHappenedView(`${refusalWords(waiting, 'stale')}\n\nYour reason was: not like this`),
  },
]
