import type { Plan } from '../approval/plan.ts'
import type { CompiledPolicy } from './compile.ts'
import type { PolicyInput } from './input.ts'
import type { Terms } from './terms.ts'

export type Ruling = {
  /** All of the plan but what is the same for all of a version, which whoever keeps the versions knows. */
  plan: Omit<Plan, 'policy_version' | 'break_glass'>
  /** Conditions that could not be evaluated, and what that changed. They belong in the audit. */
  faults: { rule: string; detail: string }[]
  /** The rules in order up to the one that decided. */
  tried: { rule: string; matched: boolean | 'failed' }[]
}

/**
 * Asks the rules in order; the first that matches decides, the defaults where none does.
 *
 * Fails closed, as the contract demands: where a condition cannot be evaluated, a rule that denies or requires approval
 * matches, and one that allows does not; after that no rule may allow. A later rule that would is passed over, and
 * where the defaults would allow, their stages are asked, or where they have none the action is denied.
 *
 * The same three arguments always give the same ruling, at a bounded cost. Never throws.
 */
export function evaluate(policy: CompiledPolicy, request: PolicyInput, now: Date): Ruling {
  const facts = policy.conditions.read(request, now)
  const faults: Ruling['faults'] = []
  const tried: Ruling['tried'] = []
  let failed = false
  for (const { name, reason, terms, condition } of policy.rules) {
    const outcome = condition ? condition.test(facts) : true
    const allows = terms.effect === 'allow'
    if (typeof outcome === 'object') {
      failed = true
      faults.push({ rule: name, detail: outcome.failed })
      tried.push({ rule: name, matched: 'failed' })
      if (!allows) return { plan: planFrom(terms, name, reason, request), faults, tried }
    } else if (outcome && allows && failed) {
      faults.push({
        rule: name,
        detail: 'passed over: it matches, but after a failed condition no rule may allow',
      })
      tried.push({ rule: name, matched: false })
    } else {
      tried.push({ rule: name, matched: outcome })
      if (outcome) return { plan: planFrom(terms, name, reason, request), faults, tried }
    }
  }
  return { plan: planFrom(failed ? policy.guarded : policy.otherwise, null, null, request), faults, tried }
}

/** The agent can shorten the time and narrow the decisions that the policy gives, and never widen them. */
function planFrom(
  terms: Terms,
  rule: string | null,
  reason: string | null,
  request: PolicyInput,
): Ruling['plan'] {
  return {
    ...terms,
    rule,
    reason,
    expires_in_ms: Math.min(terms.expires_in_ms, request.expires_in_ms ?? Infinity),
    allowed_decisions: terms.allowed_decisions.filter(
      (one) => one === 'reject' || request.allowed_decisions.includes(one),
    ),
  }
}
