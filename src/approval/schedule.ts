import type { StageState } from './approval.ts'
import { nextOpening } from './hours.ts'
import { listed, type Plan, type Rung } from './plan.ts'

export type DueRung = { rung: Rung; at: Date }

/**
 * A stage's ladder in the order in which its rungs come due: each waits for the hours of the role that it asks, of
 * several for the first to begin, and keeps no other waiting meanwhile. Reminders that fall on one moment, as all of a night's do, are one.
 *
 * What follows what depends on nothing that changes while the stage is open, so that a level always names the same rung;
 * frozen time moves all of them.
 */
export function scheduleOf(plan: Plan, { roles, opened_at, thawed_ms }: StageState): DueRung[] {
  if (opened_at === null) return []
  const within = (rung: Rung, at: Date) => {
    const openings = (rung.do === 'escalate' ? [rung.to] : listed(roles)).map((role) => {
      // A name like `constructor` must not find what every object inherits.
      const hours = Object.hasOwn(plan.hours, role) ? plan.hours[role] : undefined
      return (hours ? nextOpening(hours, at) : at).getTime()
    })
    return new Date(Math.min(...openings))
  }
  // The order is that of a stage which was never frozen: a level must go on naming the same rung.
  const afterFreeze = ({ rung, at }: DueRung) => ({
    rung,
    at: within(rung, new Date(at.getTime() + thawed_ms)),
  })
  const due = plan.escalation.map((rung) => ({
    rung,
    at: within(rung, new Date(opened_at.getTime() + rung.after_ms)),
  }))
  const ladder = due
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .filter((one, i) => !repeats(due[i - 1], one))
  return thawed_ms === 0 ? ladder : ladder.map((one) => afterFreeze(one))
}

function repeats(before: DueRung | undefined, { rung, at }: DueRung): boolean {
  return rung.do === 'remind' && before?.rung.do === 'remind' && before.at.getTime() === at.getTime()
}
