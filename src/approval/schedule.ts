import type { StageState } from './approval.ts'
import { nextOpening } from './hours.ts'
import type { Plan, Rung } from './plan.ts'

export type DueRung = { rung: Rung; at: Date }

/**
 * A stage's ladder in the order in which its rungs come due: each waits for the hours of the role that it asks, and
 * keeps no other waiting meanwhile. Reminders that fall on one moment, as all of a night's do, are one.
 *
 * It depends on nothing that changes while the stage is open, so that a level always names the same rung.
 */
export function scheduleOf(plan: Plan, { role, opened_at }: StageState): DueRung[] {
  if (opened_at === null) return []
  const due = plan.escalation.map((rung) => {
    const at = new Date(opened_at.getTime() + rung.after_ms)
    const asked = rung.do === 'escalate' ? rung.to : role
    // A name like `constructor` must not find what every object inherits.
    const hours = Object.hasOwn(plan.hours, asked) ? plan.hours[asked] : undefined
    return { rung, at: hours ? nextOpening(hours, at) : at }
  })
  return due.sort((a, b) => a.at.getTime() - b.at.getTime()).filter((one, i) => !repeats(due[i - 1], one))
}

function repeats(before: DueRung | undefined, { rung, at }: DueRung): boolean {
  return rung.do === 'remind' && before?.rung.do === 'remind' && before.at.getTime() === at.getTime()
}
