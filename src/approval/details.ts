import { isTerminal, type Approval, type Person } from './approval.ts'
import { human, refusedClick, type ClickInput } from './click.ts'
import type { Outcome } from './decide.ts'
import type { Fact } from './events.ts'

/**
 * Somebody wants to read all of a request. It changes nothing for others, and shows the request as it is now whatever card
 * the click came from.
 *
 * @param concerned whether it concerns them: through one of its roles, as asker, as the agent's owner, or as an admin
 */
export type DetailsInput = ClickInput & { type: 'open_details'; concerned: boolean }

/** Slack did not show Details to somebody after all. */
export type DetailsFailed = {
  type: 'details_failed'
  by: Person
  stage: number
  revision: number
  error: string
}

export function openDetails(approval: Approval, input: DetailsInput): Outcome {
  const { by, stage, membership, concerned } = input
  if (!concerned) {
    const because = membership.readable ? 'not_concerned' : 'membership_unreadable'
    return refusedClick(approval, input, 'details', because)
  }
  const { revision } = approval
  const next = isTerminal(approval) ? approval : withOpened(approval, by, revision)
  const fact: Fact = { type: 'details.opened', actor: human(by), data: { stage, revision } }
  return { next, facts: [fact], effects: [], reply: { counted: true } }
}

/** It no longer counts as read: nobody approves what was never before them. */
export function detailsFailed(approval: Approval, { by, stage, revision, error }: DetailsFailed): Outcome {
  const fact: Fact = { type: 'details.failed', actor: human(by), data: { stage, revision, error } }
  const { [by.slack_user_id]: opened, ...others } = approval.details_opened
  const next = opened === revision ? { ...approval, details_opened: others } : approval
  return { next, facts: [fact], effects: [], reply: { counted: true } }
}

/** Whether somebody has read the request as it is now, where its rule asks for that; true where it does not. */
export function hasReadDetails({ plan, revision, details_opened }: Approval, by: Person): boolean {
  return !plan.require_details_opened || details_opened[by.slack_user_id] === revision
}

function withOpened(approval: Approval, by: Person, revision: number): Approval {
  if (approval.details_opened[by.slack_user_id] === revision) return approval
  return { ...approval, details_opened: { ...approval.details_opened, [by.slack_user_id]: revision } }
}
