import { openStage, votingRoles, type Approval, type StageState } from '../approval/approval.ts'
import { rolesInWords } from '../approval/plan.ts'
import { reveal } from '../approval/reveal.ts'
import { shape, type ApprovalShape } from '../approval/shape.ts'
import { findApproval, listPending } from '../store/read-approvals.ts'
import type { Refused } from './agents.ts'
import type { AdminParts } from './index.ts'

/** An approval for operators: as agents see it, but for the permit, which is the agent's alone; and in lines. */
export type ShownApproval = { approval: Omit<ApprovalShape, 'permit'>; lines: string[] }

/** What waits for a decision, the nearest deadline first, at most `limit`; `count` is how many there are. */
export async function pending(
  { database }: AdminParts,
  limit: number,
): Promise<{ approvals: ShownApproval['approval'][]; lines: string[]; count: number }> {
  const { approvals, count } = await listPending(database, null, limit)
  return { approvals: approvals.map(withoutPermit), lines: approvals.map(inOneLine), count }
}

export async function showApproval({ database }: AdminParts, id: string): Promise<ShownApproval | Refused> {
  const approval = await findApproval(database, id)
  if (!approval) return { refused: `There is no approval ${id}` }
  return { approval: withoutPermit(approval), lines: inLines(approval) }
}

function withoutPermit(approval: Approval): ShownApproval['approval'] {
  const { permit: _theirs, ...shown } = shape(approval)
  return shown
}

function inOneLine(approval: Approval): string {
  const stage = approval.stages[openStage(approval) ?? -1]
  const roles = stage ? votingRoles(stage).join(' or ') : 'nobody'
  return `${approval.id}  ends ${approval.expires_at.toISOString()}  ${titleOf(approval)}  asked by ${reveal(approval.agent.name)}, waiting for ${roles}`
}

function inLines(approval: Approval): string[] {
  const { action, agent, plan, risk, environment, decision, withdrawn, unreachable } = approval
  const ended = decision
    ? `${approval.status}${decision.by.type === 'human' ? ` by ${decision.by.name} (${decision.by.slack_user_id})` : ` by ${decision.by.type}`} at ${decision.at.toISOString()}${quoted(decision.reason)}`
    : `pending, ends ${approval.expires_at.toISOString()}`
  return [
    titleOf(approval),
    `  status     ${ended}`,
    ...(withdrawn ? [`  withdrawn  at ${withdrawn.at.toISOString()}${quoted(withdrawn.reason)}`] : []),
    ...(unreachable ? [`  problem    ${unreachable}`] : []),
    `  tool       ${action.tool} ${oneLine(JSON.stringify(action.arguments))}`,
    `  agent      ${oneLine(agent.name)}, owned by ${agent.owner}, in ${oneLine(environment)}; ${risk} risk`,
    `  rule       ${plan.rule ?? 'defaults'} of policy version ${plan.policy_version}`,
    ...approval.stages.map(stageLine),
  ]
}

function stageLine({ roles, approvals, status, votes }: StageState, index: number): string {
  const cast = votes.map(
    ({ by, vote, comment }) => `${by.name} (${by.slack_user_id}): ${vote}${quoted(comment)}`,
  )
  return `  stage ${index + 1}    ${approvals} of ${rolesInWords(roles)}, ${status}${cast.length > 0 ? `; ${cast.join(', ')}` : ''}`
}

function titleOf({ action }: Approval): string {
  return oneLine(action.summary ?? action.tool)
}

function quoted(words: string | null): string {
  return words === null ? '' : `: “${oneLine(words)}”`
}

/** What others wrote stays in its line, and says nothing to a terminal. */
function oneLine(text: string): string {
  return reveal(text.replaceAll(/[\n\t]/g, ' '))
}
