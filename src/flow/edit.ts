import type { Approval, JsonObject } from '../approval/approval.ts'
import type { ClickInput } from '../approval/click.ts'
import type { EditInput } from '../approval/edit.ts'
import { refuseEditor } from '../approval/edit.ts'
import { findMasksOfEdit } from '../approval/masks.ts'
import { effective } from '../approval/effective.ts'
import { actionDigest } from '../json/canonical.ts'
import type { JsonFault } from '../json/fault.ts'
import { findAgentById } from '../store/agents.ts'
import { findApproval } from '../store/read-approvals.ts'
import { change, type Changed } from './change.ts'
import { planOf } from './current-policy.ts'
import { argumentFaults, withWanted, type Wanted } from './edited-arguments.ts'
import type { FlowParts } from './flow.ts'
import { judge, type Asked } from './judge.ts'

/** Judged as a click is, or sent back with what is wrong with it. */
export type EditAnswer =
  { kind: 'judged'; changed: Changed<EditInput> } | { kind: 'faulty'; faults: JsonFault[] }

/**
 * An approver's edit. What it would make of the arguments is checked before the approval is locked: the schema is a
 * stranger's, and may take its time. That holds under the lock too, as an edit that came in between makes this one stale.
 * What the policy says of it is asked under the lock, of the policy that is in force then.
 *
 * Null where there is no such approval.
 */
export async function editAction(
  parts: FlowParts,
  id: string,
  click: ClickInput,
  wanted: Wanted,
  note: string | null,
): Promise<EditAnswer | null> {
  const approval = await findApproval(parts.database, id)
  if (!approval) return null
  const edited = withWanted(effective(approval).arguments, wanted)
  // Who cannot edit is told that, and not what they should have typed.
  const faults = refuseEditor(approval, click) === null ? await argumentFaults(approval, edited, wanted) : []
  if (faults.length > 0) return { kind: 'faulty', faults }
  const digest = actionDigest({ tool: approval.action.tool, arguments: edited })
  const agent = await findAgentById(parts.database, approval.agent.id)
  // Ends: each round means that an admin changed something in between.
  for (;;) {
    const { epoch, policy } = await parts.policy.inForce()
    const changed = await change(parts, id, async (found): Promise<EditInput | null> => {
      if (found.epoch !== epoch) return null
      const asked = askedAnew(found.approval, edited, agent?.environment ?? approval.environment)
      const { plan, faults, history } = await judge(policy.compiled, asked, found.now, found.past)
      const evaluation = { faults, history }
      return {
        ...click,
        type: 'edit',
        arguments: edited,
        digest,
        plan: planOf(policy, plan, findMasksOfEdit(found.approval, edited, policy.compiled.secrets)),
        evaluation,
        note,
      }
    })
    if (changed) return { kind: 'judged', changed }
  }
}

/** The edited action as the policy is asked about it: from the same agent, in the same circumstances. */
function askedAnew(approval: Approval, edited: JsonObject, environment: string): Asked {
  const { action, agent, risk, run_id, on_behalf_of, subject, metadata } = approval
  return {
    action: { ...action, arguments: edited },
    agent: { ...agent, environment },
    environment: approval.environment,
    risk,
    run_id,
    on_behalf_of,
    subject,
    metadata,
    allowed_decisions: approval.plan.allowed_decisions,
    expires_in_ms: null,
  }
}
