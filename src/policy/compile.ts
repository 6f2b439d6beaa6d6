import type { HistoryEntry } from '../approval/history.ts'
import type { Condition } from './cel/condition.ts'
import type { Conditions } from './cel/conditions.ts'
import type { PolicyDocument } from './document.ts'
import type { SecretFinder } from '../approval/secrets.ts'
import { historyOf } from './history.ts'
import { secretsOf } from './secrets.ts'
import { termsOf, type Terms } from './terms.ts'

export type CompiledRule = {
  name: string
  reason: string | null
  terms: Terms
  /** Null where the rule has no `when` and matches always. */
  condition: Condition | null
}

/** A document made ready: everything that does not depend on the request is worked out. */
export type CompiledPolicy = {
  conditions: Conditions
  /** What its conditions can ask of the past, by name. */
  history: ReadonlyMap<string, HistoryEntry>
  /** What of a request nobody is shown. */
  secrets: SecretFinder
  rules: CompiledRule[]
  /** What holds where no rule matches. */
  otherwise: Terms
  /** What holds instead where no rule matches and, after a failed condition, nothing may be allowed any more. */
  guarded: Terms
}

export function compile(
  document: PolicyDocument,
  conditions: Conditions,
  compiled: Map<number, Condition>,
): CompiledPolicy {
  const { defaults, roles } = document
  const otherwise = termsOf(roles, defaults)
  return {
    conditions,
    history: historyOf(document),
    secrets: secretsOf(document),
    rules: document.rules.map((rule, i) => ({
      name: rule.name,
      reason: rule.reason ?? null,
      terms: termsOf(roles, defaults, rule),
      condition: rule.when === undefined ? null : conditionAt(compiled, i),
    })),
    otherwise,
    guarded:
      otherwise.effect !== 'allow'
        ? otherwise
        : termsOf(roles, defaults, { effect: defaults.stages ? 'require_approval' : 'deny' }),
  }
}

/** A rule with a condition must never be taken for one without: that would match always. */
function conditionAt(compiled: Map<number, Condition>, position: number): Condition {
  const condition = compiled.get(position)
  if (!condition) throw new Error(`the condition of rule ${position} was not compiled`)
  return condition
}
