import { isTerminal, openStage, type Approval } from './approval.ts'
import { basisOf, formOpened, human, refusedClick, type ClickInput, type Refusal } from './click.ts'
import type { Outcome } from './decide.ts'
import { hasReadDetails } from './details.ts'
import { canBeApproved } from './effective.ts'
import { end } from './end.ts'
import type { Fact } from './events.ts'
import { rolesInWords } from './plan.ts'

/**
 * Somebody whom the policy names approves alone, whatever stages are left. `begin_break_glass` is the click that opens the
 * form for the reason.
 *
 * @param named whether the policy that is in force now names them
 */
export type BreakGlassInput = ClickInput & {
  type: 'break_glass' | 'begin_break_glass'
  named: boolean
  comment: string
}

/**
 * Neither the roles nor how many there would have to be count here; that nobody approves what they asked for or their own
 * agent's action counts all the same, and so does that Details are read first where the rule asks for it.
 */
export function breakGlass(approval: Approval, input: BreakGlassInput, now: Date, frozen: boolean): Outcome {
  const because = refuse(approval, input) ?? (frozen ? 'frozen' : null)
  if (because !== null) return refusedClick(approval, input, 'break_glass', because, input.comment || null)
  if (input.type === 'begin_break_glass') return formOpened(approval, input, 'break_glass')
  const { stage, revision, by, comment } = input
  const actor = human(by)
  const left = approval.stages.flatMap(({ status, roles }) => (status === 'met' ? [] : [rolesInWords(roles)]))
  const broken: Fact = {
    type: 'glass.broken',
    actor,
    data: { stage, revision, reason: comment, left, ...basisOf(approval, input) },
  }
  const ended = end(approval, 'approved', actor, now, { reason: `Break glass: ${comment}` })
  return { ...ended, facts: [broken, ...ended.facts], reply: { counted: true } }
}

function refuse(approval: Approval, { stage, revision, named, by }: BreakGlassInput): Refusal | null {
  if (isTerminal(approval)) return 'decided'
  if (openStage(approval) !== stage || revision !== approval.revision) return 'stale'
  if (!named) return 'not_named'
  if (!canBeApproved(approval)) return 'not_allowed'
  const { asker, owner } = approval.plan.separation_of_duties
  if (asker && approval.on_behalf_of === by.slack_user_id) return 'own_request'
  if (owner && approval.agent.owner === by.slack_user_id) return 'own_agent'
  return hasReadDetails(approval, by) ? null : 'details_unopened'
}
