import { longestDurationMs, parseDuration } from '../approval/duration.ts'
import type { AllowedDecision, Plan, SeparationOfDuties } from '../approval/plan.ts'
import type { DocumentTerms, PolicyDocument } from './document.ts'
import { hoursOf, ladderOf } from './ladder.ts'
import { planStage } from './stages.ts'

/** What a rule comes to once it has inherited what it leaves out. */
export type Terms = Omit<Plan, 'policy_version' | 'rule' | 'reason' | 'break_glass' | 'masked'>

/** What holds where neither a rule nor the document's defaults say anything: ask, for an hour, and let nobody off. */
export const builtIn = {
  effect: 'require_approval',
  expires_in: '1h',
  valid_for: '1h',
  on_timeout: 'expire',
  separation_of_duties: { asker: true, owner: true, repeat: true },
  allowed_decisions: ['approve', 'reject'],
} as const

/**
 * A rule's terms, or with `own` left out the defaults'. Field by field the rule wins over the defaults and those over
 * what is built in; `separation_of_duties` is inherited name by name.
 */
export function termsOf(
  roles: PolicyDocument['roles'],
  defaults: DocumentTerms,
  own: DocumentTerms = {},
): Terms {
  const effect = own.effect ?? defaults.effect ?? builtIn.effect
  const asks = effect === 'require_approval'
  const stages = asks ? (own.stages ?? defaults.stages ?? []).map(planStage) : []
  const expires_in_ms = milliseconds(own.expires_in ?? defaults.expires_in ?? builtIn.expires_in)
  const extend = own.extend ?? defaults.extend
  const extend_ms = extend === undefined ? null : milliseconds(extend)
  const outcome_within = own.outcome_within ?? defaults.outcome_within
  const steps = asks ? (own.escalation ?? defaults.escalation ?? []) : []
  const escalation = ladderOf(steps, expires_in_ms + (extend_ms ?? 0), milliseconds)
  return {
    effect,
    stages,
    expires_in_ms,
    escalation,
    extend_ms,
    hours: hoursOf(roles, stages, escalation),
    valid_for_ms: milliseconds(own.valid_for ?? defaults.valid_for ?? builtIn.valid_for),
    outcome_within_ms: outcome_within === undefined ? null : milliseconds(outcome_within),
    on_timeout: own.on_timeout ?? defaults.on_timeout ?? builtIn.on_timeout,
    separation_of_duties: separationOf(defaults, own),
    require_details_opened: own.require_details_opened ?? defaults.require_details_opened ?? false,
    require_reason: own.require_reason ?? defaults.require_reason ?? false,
    reject_reasons: (asks ? (own.reject_reasons ?? defaults.reject_reasons ?? []) : []).map(
      ({ reason, retry }) => ({ reason, retry: retry ?? null }),
    ),
    // Nothing that anybody names makes a denied action another one.
    require_on_behalf_of:
      effect !== 'deny' && (own.require_on_behalf_of ?? defaults.require_on_behalf_of ?? false),
    allowed_decisions: allowed(
      own.allowed_decisions ?? defaults.allowed_decisions ?? builtIn.allowed_decisions,
    ),
    editable: own.editable ?? defaults.editable ?? [],
  }
}

function separationOf(defaults: DocumentTerms, own: DocumentTerms = {}): SeparationOfDuties {
  let held: SeparationOfDuties = builtIn.separation_of_duties
  for (const said of [defaults.separation_of_duties, own.separation_of_duties]) {
    if (typeof said === 'boolean') held = { asker: said, owner: said, repeat: said }
    else if (said)
      held = {
        asker: said.asker ?? held.asker,
        owner: said.owner ?? held.owner,
        repeat: said.repeat ?? held.repeat,
      }
  }
  return held
}

/** Rejecting is always possible, whatever the document lists. */
function allowed(listed: readonly AllowedDecision[]): AllowedDecision[] {
  return (['approve', 'edit', 'reject'] as const).filter((one) => one === 'reject' || listed.includes(one))
}

function milliseconds(duration: string | number): number {
  // Durations were checked with the document; the shortest answer is the safe one if that was ever left out.
  return Math.min(parseDuration(duration) ?? 1, longestDurationMs)
}
