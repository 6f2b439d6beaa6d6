import { formatDuration, parseDuration } from '../approval/duration.ts'
import type { DocumentTerms, PolicyDocument } from './document.ts'
import type { Finding, Path } from './fault.ts'
import { termsOf } from './terms.ts'

/**
 * A warning for each step of a ladder that can never be taken, because every approval that climbs it has ended by then.
 * The defaults' ladder is climbed by each rule without one of its own, and may be too long for some of them.
 */
export function lateSteps({ roles, defaults, rules }: PolicyDocument): Finding[] {
  const lasts = (own?: DocumentTerms) => {
    const { effect, expires_in_ms, extend_ms } = termsOf(roles, defaults, own)
    return effect === 'require_approval' ? expires_in_ms + (extend_ms ?? 0) : 0
  }
  const inheriting = rules.filter(({ escalation }) => escalation === undefined)
  return [
    ...later(defaults, Math.max(lasts(), ...inheriting.map(lasts)), ['defaults']),
    ...rules.flatMap((rule, i) => later(rule, lasts(rule), ['rules', i])),
  ]
}

function later({ escalation = [] }: DocumentTerms, lasts_ms: number, path: Path): Finding[] {
  return escalation.flatMap(({ after }, i) =>
    (parseDuration(after) ?? 0) < lasts_ms || lasts_ms === 0
      ? []
      : [
          {
            path: [...path, 'escalation', i, 'after'],
            detail: `is never reached: all has ended after ${formatDuration(lasts_ms)}`,
          },
        ],
  )
}
