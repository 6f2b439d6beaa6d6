import type { PlanStage, StageRoles } from '../approval/plan.ts'
import type { DocumentStage } from './document.ts'

/** A stage of the document as a plan has it. With `all` it asks for at least one person for each role. */
export function planStage({ role, roles, approvals }: DocumentStage): PlanStage {
  const one = role === undefined ? [] : [role]
  const asked: StageRoles = roles?.all ? { all: roles.all } : { any: roles?.any ?? one }
  return { roles: asked, approvals: approvals ?? leastApprovals(asked) }
}

/** The fewest people who can meet a stage: nobody counts for two roles. */
export function leastApprovals(roles: StageRoles): number {
  return 'all' in roles ? roles.all.length : 1
}
