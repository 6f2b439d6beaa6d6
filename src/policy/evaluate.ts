import type { HistoryValues } from '../approval/history.ts'
import type { Plan } from '../approval/plan.ts'
import type { Condition } from './cel/condition.ts'
import type { CompiledPolicy } from './compile.ts'
import type { PolicyInput } from './input.ts'
import type { Terms } from './terms.ts'

export type Ruling = {
  /** All of the plan but what no rule says, which whoever keeps the versions and the request knows. */
  plan: Omit<Plan, 'policy_version' | 'break_glass' | 'masked'>
  /** Conditions that could not be evaluated, and what that changed. They belong in the audit. */
  faults: { rule: string; detail: string }[]
  /** The rules in order up to the one that decided. */
  tried: { rule: string; matched: boolean | 'failed' }[]
  /** What those rules could see of the past, null where it was not known. It belongs in the audit. */
  history: Record<string, number | null>
}

/**
 * Asks the rules in order; the first that matches decides, the defaults where none does.
 *
 * Fails closed, as the contract demands: where a condition cannot be evaluated, a rule that denies or requires approval
 * matches, and one that allows does not; after that no rule may allow. A later rule that would is passed over, and
 * where the defaults would allow, their stages are asked, or where they have none the action is denied.
 *
 * The same arguments always give the same ruling, at a bounded cost. Never throws.
 *
 * @param history what `historyNeeded` names, as it is in the moment of deciding; where it is not given, the conditions
 *   that look at it fail
 */
export function evaluate(
  policy: CompiledPolicy,
  request: PolicyInput,
  now: Date,
  history: HistoryValues = {},
): Ruling {
  const facts = policy.conditions.read(request, now, history)
  const faults: Ruling['faults'] = []
  const tried: Ruling['tried'] = []
  const seen: Ruling['history'] = {}
  let failed = false
  const ruling = (terms: Terms, rule: string | null, reason: string | null): Ruling => ({
    plan: planFrom(terms, rule, reason, request),
    faults,
    tried,
    history: seen,
  })
  for (const { name, reason, terms, condition } of policy.rules) {
    if (looksBack(condition, request))
      for (const entry of condition.history) seen[entry] = known(history[entry])
    const outcome = condition ? condition.test(facts) : true
    const allows = terms.effect === 'allow'
    if (typeof outcome === 'object') {
      failed = true
      faults.push({ rule: name, detail: outcome.failed })
      tried.push({ rule: name, matched: 'failed' })
      if (!allows) return ruling(terms, name, reason)
    } else if (outcome && allows && failed) {
      faults.push({
        rule: name,
        detail: 'passed over: it matches, but after a failed condition no rule may allow',
      })
      tried.push({ rule: name, matched: false })
    } else {
      tried.push({ rule: name, matched: outcome })
      if (outcome) return ruling(terms, name, reason)
    }
  }
  return ruling(failed ? policy.guarded : policy.otherwise, null, null)
}

/**
 * The entries of the policy's history that must be known to evaluate a request: none where a rule decides before any that
 * looks back, else those of every rule that could still be asked. Which these are depends on the request's texts alone, so
 * that what is locked for it stays what it reads, however long it waits. Pure, like `evaluate`.
 */
export function historyNeeded(policy: CompiledPolicy, request: PolicyInput, now: Date): string[] {
  if (policy.history.size === 0) return []
  const first = policy.rules.findIndex(({ condition }) => looksBack(condition, request))
  if (first < 0) return []
  const before = { ...policy, rules: policy.rules.slice(0, first) }
  if (first > 0 && evaluate(before, request, now).plan.rule !== null) return []
  const later = policy.rules.slice(first).map(({ condition }) => condition)
  const needed = later.flatMap((condition) => (looksBack(condition, request) ? condition.history : []))
  return [...new Set(needed)]
}

function looksBack(condition: Condition | null, request: PolicyInput): condition is Condition {
  return condition !== null && condition.history.length > 0 && condition.mayHold(request)
}

function known(value: HistoryValues[string] | undefined): number | null {
  return typeof value === 'number' ? value : null
}

/** The agent can shorten the time and narrow the decisions that the policy gives, and never widen them. */
function planFrom(
  terms: Terms,
  rule: string | null,
  reason: string | null,
  request: PolicyInput,
): Ruling['plan'] {
  const plan = {
    ...terms,
    rule,
    reason,
    expires_in_ms: Math.min(terms.expires_in_ms, request.expires_in_ms ?? Infinity),
    allowed_decisions: terms.allowed_decisions.filter(
      (one) => one === 'reject' || request.allowed_decisions.includes(one),
    ),
  }
  return terms.require_on_behalf_of && request.on_behalf_of === null ? denied(plan) : plan
}

/** Nobody is asked about what nobody is said to have asked for. */
function denied(plan: Ruling['plan']): Ruling['plan'] {
  const who = plan.rule === null ? 'the policy’s defaults need' : `rule ${plan.rule} needs`
  const reason = `on_behalf_of is missing: ${who} the Slack user id of the person who asked for this`
  return { ...plan, effect: 'deny', stages: [], escalation: [], hours: {}, reason }
}
