import type { Approval } from '../../approval/approval.ts'
import { concerned, concerns } from '../concerns.ts'
import type { SlackParts } from '../context.ts'
import { slackFailure } from '../failures.ts'
import { detailsView } from '../views/details/modal.ts'
import { nothingHappenedView } from '../views/nothing-happened.ts'
import type { Ticket } from '../views/ticket.ts'
import { namedIn, type Visitor } from '../workspace/workspace.ts'
import { judge, type AfterAck, type Click, type Judged } from './click.ts'

type From = { visitor: Visitor; ticket: Ticket }

/** Shows all of a request to whom it concerns. That they were shown it is written first, and taken back where Slack does not. */
export async function details(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await openDetails(parts, click)
  if (approval === null || refusal !== null) return { tell: refusal }
  return {
    open: () =>
      showing(parts, click, approval, async () => {
        const view = await viewOf(parts, click, approval, 0)
        await parts.interactive.views.open({ trigger_id: click.trigger_id, view })
      }),
  }
}

/**
 * Another page of what is open. What has changed meanwhile is shown from the beginning: it was not read yet. Whoever it
 * no longer concerns sees no more of it.
 */
export async function turnPage(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { ticket, choice, view_id } = click
  if (view_id === null) return { tell: 'This page is not known here any more. Open Details again.' }
  const found = await parts.flow.find(ticket.approval_id)
  const same = found?.revision === ticket.revision && (await itConcerns(parts, click.visitor, found))
  const { approval, refusal } = same ? { approval: found, refusal: null } : await openDetails(parts, click)
  const update = async () => {
    const view =
      approval === null || refusal !== null
        ? nothingHappenedView(refusal ?? '')
        : await viewOf(parts, click, approval, same ? Number(choice) || 0 : 0)
    await parts.interactive.views.update({ view_id, view })
  }
  return { open: () => (same || approval === null ? update() : showing(parts, click, approval, update)) }
}

async function openDetails(parts: SlackParts, from: From): Promise<Judged> {
  const { approval_id, ...card } = from.ticket
  const found = await parts.flow.find(approval_id)
  const concerned = found !== null && (await itConcerns(parts, from.visitor, found))
  return judge(parts, from, (by, membership) =>
    parts.flow.openDetails(approval_id, { by, membership, concerned, ...card }),
  )
}

async function itConcerns(parts: SlackParts, visitor: Visitor, approval: Approval): Promise<boolean> {
  // Where Slack does not say whose workspace they are of, they are no admin.
  const is_admin = await parts.workspace.isAdmin(visitor).catch(() => false)
  return concerns(await concerned(parts, { visitor, is_admin }), approval)
}

async function viewOf(
  { flow, workspace, audit }: SlackParts,
  { ticket }: From,
  approval: Approval,
  page: number,
) {
  const earlier = await flow.earlier(approval)
  const [people, highlights] = await Promise.all([
    workspace.people(namedIn(approval, earlier)),
    audit.highlights(approval.id),
  ])
  return detailsView(approval, ticket, people, { highlights, earlier }, page)
}

/** Shows something; where that fails, what counts as read is taken back. */
async function showing(
  { flow, workspace }: SlackParts,
  { visitor, ticket: { stage } }: From,
  { id, revision }: Approval,
  show: () => Promise<unknown>,
): Promise<void> {
  try {
    await show()
  } catch (error) {
    const by = await workspace.person(visitor.slack_user_id)
    const why = slackFailure(error)
    await flow.detailsFailed(id, {
      by,
      stage,
      revision,
      error: why && 'error' in why ? why.error : String(error),
    })
    throw error
  }
}
