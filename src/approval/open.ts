import type { Approval, AskingAgent, Decider, Request } from './approval.ts'
import type { Effect } from './decide.ts'
import { end } from './end.ts'
import { beginLadder, nextTimer } from './ladder.ts'
import type { Evaluation, Fact } from './events.ts'
import type { Freeze } from './freeze.ts'
import type { Plan } from './plan.ts'
import { newStage } from './stage.ts'

/**
 * A request becomes an approval: decided at once where the policy says so, else pending with its first stage open.
 * `evaluation` is what the audit should know of how the policy came to its plan. Under a `freeze` it is rejected, whatever
 * the policy says.
 */
export function open(
  id: string,
  agent: AskingAgent,
  request: Request,
  plan: Plan,
  evaluation: Evaluation,
  now: Date,
  freeze: Freeze | null = null,
): { next: Approval; facts: Fact[]; effects: Effect[] } {
  if ((plan.effect === 'require_approval') !== plan.stages.length > 0)
    throw new Error(`a plan to ${plan.effect} with ${plan.stages.length} stages makes no sense`)
  const pending = opened(id, agent, request, plan, now)
  const requested: Fact = {
    type: 'approval.requested',
    actor: { type: 'agent', name: agent.name },
    data: {
      action: request.action,
      action_digest: request.action_digest,
      risk: request.risk,
      environment: request.environment,
      on_behalf_of: request.on_behalf_of,
      owner: agent.owner,
      run_id: request.run_id,
      subject: request.subject,
      retry_of: request.retry_of,
      expires_at: pending.expires_at,
      plan,
      evaluation,
    },
  }
  if (freeze !== null) {
    const ended = end(pending, 'rejected', { type: 'freeze' }, now, { reason: freeze.reason })
    // Nobody was shown anything.
    const effects = ended.effects.filter((effect) => effect.do !== 'show_cards')
    return { next: ended.next, facts: [requested, ...ended.facts], effects }
  }
  if (plan.effect === 'require_approval') {
    const next = beginLadder(pending)
    const effects: Effect[] = [{ do: 'show_cards' }, ...nextTimer(next)]
    return { next, facts: [requested], effects }
  }
  const by: Decider = { type: 'policy', version: plan.policy_version, rule: plan.rule }
  // Asked again with what was missing, it may be another answer.
  const retry = plan.require_on_behalf_of && request.on_behalf_of === null ? 'after_change' : null
  const ended = end(pending, plan.effect === 'allow' ? 'approved' : 'rejected', by, now, {
    reason: plan.reason,
    retry,
  })
  return { next: ended.next, facts: [requested, ...ended.facts], effects: ended.effects }
}

function opened(id: string, agent: AskingAgent, request: Request, plan: Plan, now: Date): Approval {
  const { expires_in_ms, allowed_decisions: _narrowedByPlan, ...asked } = request
  const patience = Math.min(plan.expires_in_ms, expires_in_ms ?? plan.expires_in_ms)
  return {
    ...asked,
    id,
    agent: { id: agent.id, name: agent.name, owner: agent.owner },
    edited: null,
    status: 'pending',
    revision: 1,
    created_at: now,
    expires_at: new Date(now.getTime() + patience),
    decided_at: null,
    plan,
    stages: plan.stages.map((stage, index) => newStage(stage, index, now)),
    escalation: { level: 0, next_at: null, warned: 0, extended: false, thawed_ms: 0 },
    unreachable: null,
    decision: null,
    freeze: null,
    withdrawn: null,
    details_opened: {},
    assigned: null,
    on_it: null,
    questions: [],
    permit: null,
    consumed: null,
    outcome: null,
    missed_at: null,
    callback: { status: 'none', attempts: 0 },
  }
}
