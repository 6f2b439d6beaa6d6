import { openStage, votingRoles, type Person, type StageState } from '../approval/approval.ts'
import { rolesInWords } from '../approval/plan.ts'
import { effective, isEdited } from '../approval/effective.ts'
import { reveal } from '../approval/reveal.ts'
import { shape, type ApprovalShape } from '../approval/shape.ts'
import { shown, type ShownApproval } from '../approval/shown.ts'
import { findApproval, listPending } from '../store/read-approvals.ts'
import type { Refused } from './agents.ts'
import type { AdminParts } from './index.ts'

/**
 * An approval for operators: as agents see it, but for what nobody is shown and for the permit, which is the agent's alone;
 * and in lines.
 */
export type PrintedApproval = { approval: Omit<ApprovalShape, 'permit'>; lines: string[] }

/** What waits for a decision, the nearest deadline first, at most `limit`; `count` is how many there are. */
export async function pending(
  { database }: AdminParts,
  limit: number,
): Promise<{ approvals: PrintedApproval['approval'][]; lines: string[]; count: number }> {
  const { approvals, count } = await listPending(database, null, limit)
  const seen = approvals.map((approval) => shown(approval))
  return { approvals: seen.map(withoutPermit), lines: seen.map(inOneLine), count }
}

export async function showApproval({ database }: AdminParts, id: string): Promise<PrintedApproval | Refused> {
  const approval = await findApproval(database, id)
  if (!approval) return { refused: `There is no approval ${id}` }
  const seen = shown(approval)
  return { approval: withoutPermit(seen), lines: inLines(seen) }
}

function withoutPermit(approval: ShownApproval): PrintedApproval['approval'] {
  const { permit: _theirs, ...printed } = shape(approval)
  return printed
}

function inOneLine(approval: ShownApproval): string {
  const stage = approval.stages[openStage(approval) ?? -1]
  const roles = stage ? votingRoles(stage).join(' or ') : 'nobody'
  return `${approval.id}  ends ${approval.expires_at.toISOString()}  ${titleOf(approval)}  asked by ${approval.agent.name}, waiting for ${roles}`
}

function inLines(approval: ShownApproval): string[] {
  const { agent, plan, risk, environment, decision, withdrawn, unreachable } = approval
  const ended = decision
    ? `${approval.status}${decision.by.type === 'human' ? ` by ${personIn(decision.by)}` : ` by ${decision.by.type}`} at ${decision.at.toISOString()}${quoted(decision.reason)}`
    : `pending, ends ${approval.expires_at.toISOString()}`
  return [
    titleOf(approval),
    `  status     ${ended}`,
    ...(withdrawn ? [`  withdrawn  at ${withdrawn.at.toISOString()}${quoted(withdrawn.reason)}`] : []),
    ...(unreachable ? [`  problem    ${unreachable}`] : []),
    ...actionLines(approval),
    `  agent      ${oneLine(agent.name)}, owned by ${agent.owner}, in ${oneLine(environment)}; ${risk} risk`,
    `  rule       ${plan.rule ?? 'defaults'} of policy version ${plan.policy_version}`,
    ...approval.stages.map(stageLine),
  ]
}

/** What would run, and where somebody edited it what the agent asked for. */
function actionLines(approval: ShownApproval): string[] {
  const { action, edited } = approval
  const { tool, arguments: runs } = effective(approval)
  const line = `  tool       ${tool} ${oneLine(JSON.stringify(runs))}`
  if (edited === null) return [line]
  return [
    line,
    `  edited     by ${personIn(edited.by)} at ${edited.at.toISOString()}${quoted(edited.note)}`,
    isEdited(approval)
      ? `  asked for  ${oneLine(JSON.stringify(action.arguments))}`
      : '  asked for  the same: it was edited back',
  ]
}

function stageLine({ roles, approvals, status, votes }: StageState, index: number): string {
  const cast = votes.map(({ by, vote, comment }) => `${personIn(by)}: ${vote}${quoted(comment)}`)
  return `  stage ${index + 1}    ${approvals} of ${rolesInWords(roles)}, ${status}${cast.length > 0 ? `; ${cast.join(', ')}` : ''}`
}

function personIn({ name, slack_user_id }: Person): string {
  return `${reveal(name)} (${slack_user_id})`
}

function titleOf({ action }: ShownApproval): string {
  return oneLine(action.summary ?? action.tool)
}

function quoted(words: string | null): string {
  return words === null ? '' : `: “${oneLine(words)}”`
}

/** What others wrote stays in its line. */
function oneLine(text: string): string {
  return text.replaceAll(/[\n\t]/g, ' ')
}
