import { openStage, type Approval, type StageState } from './approval.ts'
import { approversOf, awaitedRoles, fill, placesOf, type Approver } from './places.ts'
import { excluded } from './vote.ts'

/**
 * Whether an approval waits for this person: their answer would bring its open stage on, and nothing keeps it from counting.
 * Who may only reject it, as the agent's owner may, is not waited for. What is frozen still waits, to be rejected.
 */
export function waitsFor(approval: Approval, { slack_user_id, roles }: Approver, now: Date): boolean {
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  if (open === null || stage === undefined) return false
  // Its time is up, and only its timer is late.
  if (approval.freeze === null && approval.expires_at <= now) return false
  const awaited = awaitedRoles(stage).some((role) => roles.includes(role))
  return awaited && excluded(approval, open, slack_user_id) === null
}

/**
 * Whether nobody could take a person's place at a stage: without them fewer of its approvals could be given.
 *
 * @param voters everybody who could approve it now
 */
export function isIrreplaceable(
  stage: StageState,
  voters: readonly Approver[],
  slack_user_id: string,
): boolean {
  const places = placesOf(stage)
  const before = approversOf(stage)
  const others = voters.filter((voter) => voter.slack_user_id !== slack_user_id)
  return fill(places, [...before, ...others]) < fill(places, [...before, ...voters])
}
