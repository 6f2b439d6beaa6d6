import type { ActionsBlock, ActionsBlockElement, Button, ConfirmationDialog, KnownBlock } from '@slack/types'
import { isTerminal, openStage, type Approval } from '../../approval/approval.ts'
import { isUnspent } from '../../approval/withdraw.ts'
import { canBeApproved, canBeEdited } from '../../approval/effective.ts'
import { formatDuration } from '../../approval/duration.ts'
import { headline } from './headline.ts'
import { fit, limits } from './limits.ts'
import { writeChoice, writeTicket, type Ticket } from './ticket.ts'

/** Something that can be done on a card: `action` is the name that `actions/index.ts` knows it by. */
type Choice = {
  action: string
  text: string
  style?: 'primary' | 'danger'
  /** Asked again before it is done. In the menu nobody is: what needs it asks in a form of its own. */
  confirm?: ConfirmationDialog
  /** Comes last, and is in the menu: its place in the row is worth more to the eye. */
  rare?: true
}

/** So many stand in one row on a phone; what is beyond goes into a menu, which takes so many. */
const [mostInRow, mostInMenu] = [5, 5]

/** The menu's action_id; its entries name the action. */
export const menu = 'more'

const details: Choice = { action: 'details', text: 'Details' }
const ask: Choice = { action: 'ask', text: 'Ask' }
const revoke: Choice = { action: 'revoke', text: 'Revoke' }
const assign: Choice = { action: 'assign', text: 'Assign to…', rare: true }
const onIt: Choice = { action: 'take_up', text: 'I’m on it' }
const offIt: Choice = { action: 'let_go', text: 'I’m not on it any more', rare: true }
const note: Choice = { action: 'approve_with_note', text: 'Approve with a note…', rare: true }

/**
 * The foot of the card of a stage: what can be clicked, and the approval's id. Every button carries the same ticket, and no
 * authority. Where the stage is over there is nothing left to do but to read.
 */
export function foot(approval: Approval, stage: number): KnownBlock[] {
  const ticket: Ticket = { approval_id: approval.id, stage, revision: approval.revision, seen: null }
  const id = { type: 'plain_text' as const, text: `Countersign · ${approval.id}`, emoji: false }
  if (isTerminal(approval) || approval.stages[stage]?.status !== 'open')
    return [
      ...(isUnspent(approval) ? [stoppable(approval, ticket)] : []),
      { type: 'section', text: id, accessory: button(details, approval, ticket) },
    ]
  return [buttons(approval, stage), { type: 'context', elements: [id] }]
}

/** What is approved and has not begun to run. Its card tells no time: that it could run no more is said at the click. */
function stoppable(approval: Approval, ticket: Ticket): KnownBlock {
  const text = {
    type: 'plain_text' as const,
    text: 'It can be stopped as long as it has not begun to run.',
    emoji: false,
  }
  return { type: 'section', text, accessory: button(revoke, approval, ticket) }
}

/** What can be done about a request that its reader has decided on: all of it is read, and what has not begun to run is stopped. */
export function laterButtons(approval: Approval): Button[] {
  const { id: approval_id, revision } = approval
  const stage = openStage(approval) ?? Math.max(0, approval.stages.length - 1)
  const choices = isUnspent(approval) ? [details, revoke] : [details]
  return choices.map((choice) => button(choice, approval, { approval_id, stage, revision, seen: null }))
}

/** What can be done about a request while one of its stages is open, on its card and on people's Homes: there is one way. */
export function buttons(approval: Approval, stage: number): ActionsBlock {
  const ticket: Ticket = { approval_id: approval.id, stage, revision: approval.revision, seen: null }
  const choices = choicesOf(approval)
  const often = choices.filter(({ rare }) => !rare)
  const isRow = choices.length === often.length && often.length <= mostInRow
  const visible = isRow ? often : often.slice(0, Math.max(mostInRow - 1, choices.length - mostInMenu))
  const rest = choices.slice(visible.length)
  const elements: ActionsBlockElement[] = visible.map((choice) => button(choice, approval, ticket))
  if (rest.length > 0)
    elements.push({
      type: 'overflow',
      action_id: menu,
      options: rest.map(({ action, text }) => ({
        text: { type: 'plain_text', text },
        value: writeChoice(ticket, action),
      })),
    })
  return { type: 'actions', elements }
}

/** In the order of their use. The first four are seen; of more than nine the menu holds the last five. */
function choicesOf(approval: Approval): Choice[] {
  const { extend_ms, break_glass, require_reason } = approval.plan
  const thawed = approval.freeze === null
  const canApprove = thawed && canBeApproved(approval)
  return [
    ...(canApprove ? [approve(approval)] : []),
    { action: 'reject', text: 'Reject', style: 'danger' },
    ...(thawed && canBeEdited(approval) ? [{ action: 'edit', text: 'Edit' }] : []),
    details,
    ask,
    onIt,
    ...(thawed && extend_ms !== null && !approval.escalation.extended
      ? [{ action: 'extend', text: `Extend ${formatDuration(extend_ms)}` }]
      : []),
    ...(canApprove && break_glass ? [{ action: 'break_glass', text: 'Break glass', confirm: sure }] : []),
    ...(canApprove && !require_reason ? [note] : []),
    assign,
    ...(approval.on_it === null ? [] : [offIt]),
  ]
}

function button({ action, text, style, confirm }: Choice, approval: Approval, ticket: Ticket): Button {
  return {
    type: 'button',
    action_id: action,
    text: { type: 'plain_text', text },
    value: writeTicket(ticket),
    accessibility_label: fit(`${text}: ${headline(approval, 60)}`, limits.button_label),
    ...(style ? { style } : {}),
    ...(confirm ? { confirm } : {}),
  }
}

/** Where the rule wants a reason, the form for it is the second question that a critical risk asks. */
function approve(approval: Approval): Choice {
  const choice = { text: 'Approve', style: 'primary' as const }
  if (approval.plan.require_reason) return { action: 'approve_with_reason', ...choice }
  const confirm = approval.risk === 'critical' ? { confirm: critical(approval) } : {}
  return { action: 'approve', ...choice, ...confirm }
}

function critical(approval: Approval): ConfirmationDialog {
  const text = `${headline(approval, 200)}. Once this is approved for good, it may run at once.`
  return {
    title: { type: 'plain_text', text: 'Approve what is of critical risk?' },
    text: { type: 'plain_text', text: fit(text, limits.confirm_text), emoji: false },
    confirm: { type: 'plain_text', text: 'Approve' },
    deny: { type: 'plain_text', text: 'Back' },
    style: 'danger',
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
