import { listed } from '../approval/plan.ts'
import type { DocumentTerms, PolicyDocument } from './document.ts'
import type { Finding, Path } from './fault.ts'
import { termsOf } from './terms.ts'

/**
 * A warning for each step that asks a role which is asked from the start, in every stage of all that climb its ladder: nobody
 * is helped by it. The defaults' ladder is climbed by each rule without one of its own, and may be of use to one of them.
 */
export function idleEscalations({ roles, defaults, rules }: PolicyDocument): Finding[] {
  const askedOf = (own?: DocumentTerms) =>
    termsOf(roles, defaults, own).stages.map((stage) => listed(stage.roles))
  const inheriting = rules.filter(({ escalation }) => escalation === undefined)
  return [
    ...idle(defaults, [undefined, ...inheriting].flatMap(askedOf), ['defaults']),
    ...rules.flatMap((rule, i) => idle(rule, askedOf(rule), ['rules', i])),
  ]
}

function idle({ escalation = [] }: DocumentTerms, stages: string[][], path: Path): Finding[] {
  return escalation.flatMap((step, i) =>
    step.do !== 'escalate' || stages.length === 0 || !stages.every((asked) => asked.includes(step.to))
      ? []
      : [
          {
            path: [...path, 'escalation', i, 'to'],
            detail: `changes nothing: ${step.to} is asked from the start`,
          },
        ],
  )
}
