import type { Hours } from '../approval/hours.ts'
import { listed, type PlanStage, type Rung } from '../approval/plan.ts'
import type { DocumentTerms, PolicyDocument } from './document.ts'

type Step = NonNullable<DocumentTerms['escalation']>[number]

/** A reminder that repeats without `at_most` ends with the approval's time, and after so many in any case. */
const mostRepeats = 100

/**
 * The document's steps as the rungs of a plan, in the order in which they come due: each repetition of a reminder is a
 * rung of its own.
 *
 * @param ms turns a duration of the document into milliseconds
 */
export function ladderOf(
  steps: readonly Step[],
  lasts_ms: number,
  ms: (duration: string | number) => number,
): Rung[] {
  const rungs = steps.flatMap((step): Rung[] => {
    const after_ms = ms(step.after)
    switch (step.do) {
      case 'remind':
        return remindersOf(step, after_ms, lasts_ms, ms)
      case 'mention':
        return [{ after_ms, do: 'mention' }]
      case 'escalate':
        return [{ after_ms, do: 'escalate', to: step.to }]
      case 'require':
        return [{ after_ms, do: 'require', approvals: step.approvals }]
    }
  })
  return rungs.sort((a, b) => a.after_ms - b.after_ms)
}

function remindersOf(
  { every, at_most }: Extract<Step, { do: 'remind' }>,
  after_ms: number,
  lasts_ms: number,
  ms: (duration: string | number) => number,
): Rung[] {
  if (every === undefined) return [{ after_ms, do: 'remind' }]
  const every_ms = ms(every)
  const fitting = Math.max(1, Math.floor((lasts_ms - after_ms) / every_ms) + 1)
  const times = Math.min(at_most ?? fitting, fitting, mostRepeats)
  return Array.from({ length: times }, (_, i) => ({ after_ms: after_ms + i * every_ms, do: 'remind' }))
}

/** The hours of the roles that a plan's stages and rungs name, where they have any. */
export function hoursOf(
  roles: PolicyDocument['roles'],
  stages: readonly PlanStage[],
  rungs: readonly Rung[],
): Record<string, Hours> {
  const named = [
    ...stages.flatMap(({ roles }) => listed(roles)),
    ...rungs.flatMap((rung) => (rung.do === 'escalate' ? [rung.to] : [])),
  ]
  return Object.fromEntries(
    [...new Set(named)].flatMap((name) => {
      const hours = Object.hasOwn(roles, name) ? roles[name]?.hours : undefined
      return hours ? [[name, hours] as const] : []
    }),
  )
}
