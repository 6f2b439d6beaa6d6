import { rolesIn, type Approval } from './approval.ts'
import { formOpened, human, refusedClick, type ClickInput, type Refusal } from './click.ts'
import type { Outcome } from './decide.ts'
import { validUntil, withdraw } from './withdraw.ts'

/**
 * Somebody takes an approval back. `begin_revoke` is the click that opens the form for the reason. `membership` is of all
 * the approval's roles.
 *
 * @param is_admin whether the policy that is in force now names them among its admins
 */
export type RevokeInput = ClickInput & {
  type: 'revoke' | 'begin_revoke'
  is_admin: boolean
  comment: string
}

/**
 * Whoever could have stopped it may stop it still, as long as nothing has begun to run: members of any of its roles, those
 * who voted, and admins. What is on the card does not matter, nor how old it is: there is one thing that can be revoked.
 */
export function revoke(approval: Approval, input: RevokeInput, now: Date): Outcome {
  const because = refuse(approval, input, now)
  if (because !== null) return refusedClick(approval, input, 'revoke', because, input.comment || null)
  if (input.type === 'begin_revoke') return formOpened(approval, input, 'revoke')
  return withdraw(approval, human(input.by), input.comment, now)
}

function refuse(approval: Approval, input: RevokeInput, now: Date): Refusal | null {
  const { withdrawn, consumed, outcome } = approval
  const until = validUntil(approval)
  if (until === null) return 'not_approved'
  if (withdrawn !== null) return 'withdrawn_already'
  if (consumed !== null || outcome !== null) return 'begun'
  if (now >= until) return 'past_its_time'
  if (input.is_admin || hasVoted(approval, input.by.slack_user_id)) return null
  const { membership } = input
  if (!membership.readable) return 'membership_unreadable'
  return rolesIn(approval).some((role) => membership.roles.includes(role)) ? null : 'may_not_revoke'
}

/** Or broke the glass: then they decided without a vote. */
function hasVoted({ stages, decision }: Approval, slack_user_id: string): boolean {
  const decided = decision?.by.type === 'human' && decision.by.slack_user_id === slack_user_id
  return decided || stages.some(({ votes }) => votes.some(({ by }) => by.slack_user_id === slack_user_id))
}
