import {
  isTerminal,
  openStage,
  votingRoles,
  type Approval,
  type Person,
  type StageState,
} from './approval.ts'
import type { Outcome } from './decide.ts'
import { effective } from './effective.ts'
import type { Recorded } from './events.ts'

/** Something that a person did on the card of `stage` as it was at `revision`. */
export type ClickInput = {
  by: Person
  stage: number
  revision: number
  /** Null where the card does not say, as those of earlier versions. */
  seen: Seen | null
  membership: Membership
}

/** What was on the screen of who clicked: `shown` is the card's, as its posting or its update recorded it. */
export type Seen = { shown: string; channel: string | null; ts: string | null }

/** Which roles the person is a member of, as read from Slack at most 60 s ago, or why that could not be read. */
export type Membership = { readable: true; roles: string[] } | { readable: false; detail: string }

/** Why an input changed nothing. `not_due` is for what nobody clicked: a timer that no longer means anything. */
export type Refusal =
  | 'decided'
  | 'stale'
  | 'membership_unreadable'
  | 'not_in_role'
  | 'not_concerned'
  | 'not_named'
  | 'own_request'
  | 'own_agent'
  | 'voted_already'
  | 'voted_in_earlier_stage'
  | 'not_allowed'
  | 'details_unopened'
  | 'reason_missing'
  | 'extended_already'
  | 'unchanged'
  | 'not_editable'
  | 'not_yours_to_approve'
  | 'denied_by_policy'
  | 'asked_enough'
  | 'assigned_already'
  | 'assignee_may_not'
  | 'on_it_already'
  | 'not_on_it'
  | 'not_approved'
  | 'withdrawn_already'
  | 'begun'
  | 'past_its_time'
  | 'may_not_revoke'
  | 'frozen'
  | 'not_due'

/** Why nothing that this person does on this card can count, or null. Everything on a card is for its approvers. */
export function refuseClick(
  approval: Approval,
  { stage: index, revision, membership }: ClickInput,
): Refusal | null {
  if (isTerminal(approval)) return 'decided'
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  if (open !== index || stage === undefined || revision !== approval.revision) return 'stale'
  if (!membership.readable) return 'membership_unreadable'
  return heldRoles(stage, membership).length === 0 ? 'not_in_role' : null
}

/** The roles that entitle a member of `membership` to vote at a stage. */
export function heldRoles(stage: StageState, membership: Membership): string[] {
  return membership.readable ? votingRoles(stage).filter((role) => membership.roles.includes(role)) : []
}

/** A person as the one who acted: their name as it was at the time. */
export function human({ slack_user_id, name }: Person) {
  return { type: 'human' as const, slack_user_id, name }
}

/** A click that opened a form. Nothing changes before that comes back. */
export function formOpened(
  approval: Approval,
  { by, stage, revision }: ClickInput,
  click: Recorded['form.opened']['click'],
): Outcome {
  return {
    next: approval,
    facts: [{ type: 'form.opened', actor: human(by), data: { click, stage, revision } }],
    effects: [],
    reply: { counted: true },
  }
}

/** What is recorded of a click that decides something: what it was decided on. */
export function basisOf(
  approval: Approval,
  { seen }: Pick<ClickInput, 'seen'>,
): Pick<Recorded['vote.cast'], 'seen' | 'policy_version' | 'action_digest'> {
  const { policy_version } = approval.plan
  return { seen, policy_version, action_digest: effective(approval).digest }
}

/** Nothing changes; the click is kept in the audit all the same. `why` says more than the word `because` can. */
export function refusedClick(
  approval: Approval,
  { by, stage, revision, seen, membership }: ClickInput,
  click: Recorded['click.refused']['click'],
  because: Refusal,
  comment: string | null = null,
  why: string | null = null,
): Outcome {
  const words = membership.readable ? why : membership.detail
  const detail = words === null ? {} : { detail: words }
  return {
    next: approval,
    facts: [
      {
        type: 'click.refused',
        actor: human(by),
        data: { click, stage, revision, because, comment, seen, ...detail },
      },
    ],
    effects: [],
    reply: { counted: false, because, ...(why === null ? {} : { detail: why }) },
  }
}
