import { isTerminal, openStage, votingRoles, type Approval, type StageState } from './approval.ts'
import type { Effect, Outcome, Step } from './decide.ts'
import type { Fact } from './events.ts'
import { awaitedRoles } from './places.ts'
import { missOutcome, outcomeMoment } from './outcome.ts'
import type { Rung } from './plan.ts'
import { scheduleOf, type DueRung } from './schedule.ts'
import { withStage } from './stage.ts'

/** Approvers are warned when these shares of the approval's time, in percent, are over. */
const [halfway, nearly] = [50, 90]

/** A timer for whatever comes next of an approval. Timers are never taken back; a stale one changes nothing. */
export function nextTimer(approval: Approval): Effect[] {
  const next = nextMoment(approval)
  return next ? [{ do: 'set_timer', ...next }] : []
}

/** What comes next of an approval by the passing of time alone, and when; null where nothing does. */
export function nextMoment(approval: Approval): Moment | null {
  if (isTerminal(approval)) return outcomeMoment(approval)
  const moments = [
    rungMoment(approval),
    warningMoment(approval),
    { step: { at: 'expiry' as const }, at: approval.expires_at },
  ]
  return (
    moments.filter((moment) => moment !== null).sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null
  )
}

/** The ladder of a stage that has just opened begins. */
export function beginLadder(approval: Approval): Approval {
  return atLevel(approval, 0)
}

/** What the open stage's ladder does next, and when; null where nothing is left of it in the time that remains. */
export function nextRung(approval: Approval): DueRung | null {
  return approval.escalation.next_at === null ? null : (ladder(approval)[approval.escalation.level] ?? null)
}

/**
 * The approval with another end: rungs that lay beyond the old one may be due before it, and the last warning is given
 * again where it lies ahead once more.
 */
export function moveEnd(approval: Approval, expires_at: Date, now: Date): Approval {
  const moved = { ...approval, expires_at }
  const { level, warned } = approval.escalation
  const again = warned === nearly && now < warningAt(moved, nearly)
  const escalation = { ...approval.escalation, warned: again ? halfway : warned }
  return atLevel({ ...moved, escalation }, level)
}

/** The approval with `level` rungs taken, knowing when the next is due. */
function atLevel(approval: Approval, level: number): Approval {
  const due = ladder(approval)[level]?.at ?? null
  const next_at = due !== null && due < approval.expires_at ? due : null
  return { ...approval, escalation: { ...approval.escalation, level, next_at } }
}

/** The rungs of the open stage. */
export function ladder(approval: Approval): DueRung[] {
  const stage = approval.stages[openStage(approval) ?? -1]
  return stage ? scheduleOf(approval.plan, stage) : []
}

type Moment = { step: Step; at: Date }

function rungMoment(approval: Approval): Moment | null {
  const stage = openStage(approval)
  const { level, next_at } = approval.escalation
  return stage === null || next_at === null ? null : { step: { at: 'rung', stage, level }, at: next_at }
}

function warningMoment(approval: Approval): Moment | null {
  const percent = [halfway, nearly].find((share) => share > approval.escalation.warned)
  return percent === undefined ? null : { step: { at: 'warning', percent }, at: warningAt(approval, percent) }
}

/** Time that was frozen is nobody's to use up: the shares are of the rest. */
function warningAt({ created_at, expires_at, escalation }: Approval, percent: number): Date {
  const began = created_at.getTime() + escalation.thawed_ms
  return new Date(began + ((expires_at.getTime() - began) * percent) / 100)
}

/** A step's time has come: it is taken where it is still the one awaited. */
export function takeStep(approval: Approval, step: Step, now: Date): Outcome {
  const due = awaited(approval, step)
  // Early, taken already, or of a stage that is over: a timer that no longer means anything.
  if (step.at === 'expiry' || due === null || now < due) return nothing(approval)
  const lateness_ms = now.getTime() - due.getTime()
  const taken = take(approval, step, lateness_ms, now)
  return { ...taken, effects: [...taken.effects, ...nextTimer(taken.next)], reply: { counted: true } }
}

function take(
  approval: Approval,
  step: Exclude<Step, { at: 'expiry' }>,
  lateness_ms: number,
  now: Date,
): Taken {
  switch (step.at) {
    case 'rung':
      return climb(approval, step.level, lateness_ms)
    case 'warning':
      return warn(approval, step.percent, lateness_ms)
    case 'outcome':
      return missOutcome(approval, lateness_ms, now)
  }
}

/**
 * When a step is due, where it is still awaited: a timer that comes too early, because clocks differ or the end was
 * moved, must come again then. Null where it was taken already, or is of a stage or an approval that is over.
 */
export function awaited(approval: Approval, step: Step): Date | null {
  if (step.at === 'outcome') return outcomeMoment(approval)?.at ?? null
  if (isTerminal(approval)) return null
  if (step.at === 'expiry') return approval.expires_at
  const moment = step.at === 'rung' ? rungMoment(approval) : warningMoment(approval)
  return moment !== null && sameStep(moment.step, step) ? moment.at : null
}

function sameStep(a: Step, b: Step): boolean {
  if (a.at === 'rung' && b.at === 'rung') return a.stage === b.stage && a.level === b.level
  return a.at === 'warning' && b.at === 'warning' && a.percent === b.percent
}

export function nothing(approval: Approval): Outcome {
  return { next: approval, facts: [], effects: [], reply: { counted: false, because: 'not_due' } }
}

export type Taken = { next: Approval; facts: Fact[]; effects: Effect[] }

function warn(approval: Approval, percent: number, lateness_ms: number): Taken {
  const stage = openStage(approval) ?? 0
  const next = { ...approval, escalation: { ...approval.escalation, warned: percent } }
  const data = { stage, percent, expires_at: approval.expires_at, lateness_ms }
  return { next, facts: [{ type: 'step.warned', actor: { type: 'timeout' }, data }], effects: [] }
}

/** Takes the rung at `level` of the open stage. `lateness_ms` is below zero where it is taken early. */
export function climb(approval: Approval, level: number, lateness_ms: number): Taken {
  const index = openStage(approval)
  const rung = ladder(approval)[level]?.rung
  const stage = index === null ? undefined : approval.stages[index]
  if (index === null || !stage || !rung) return { next: approval, facts: [], effects: [] }
  const { change, fact } = rungOf(rung, stage, { stage: index, level: level + 1, lateness_ms })
  const changed = atLevel(withStage(approval, index, change), level + 1)
  // Whether anybody of a role that is asked now can vote is found out when its card is shown.
  const widened = changed.stages[index]?.escalated_to.length !== stage.escalated_to.length
  const next = widened ? { ...changed, unreachable: null } : changed
  return { next, facts: [fact], effects: [{ do: 'show_cards' }] }
}

function rungOf(
  rung: Rung,
  stage: StageState,
  place: { stage: number; level: number; lateness_ms: number },
): { change: (stage: StageState) => StageState; fact: Fact } {
  const actor = { type: 'timeout' } as const
  const same = (unchanged: StageState) => unchanged
  switch (rung.do) {
    case 'remind':
      return {
        change: same,
        fact: { type: 'step.reminded', actor, data: { ...place, roles: awaitedRoles(stage) } },
      }
    case 'mention':
      return {
        change: same,
        fact: { type: 'step.mentioned', actor, data: { ...place, roles: awaitedRoles(stage) } },
      }
    case 'escalate': {
      const known = votingRoles(stage).includes(rung.to)
      const change = (before: StageState) =>
        known ? before : { ...before, escalated_to: [...before.escalated_to, rung.to] }
      return { change, fact: { type: 'step.escalated', actor, data: { ...place, to: rung.to } } }
    }
    case 'require': {
      const approvals = Math.max(stage.approvals, rung.approvals)
      return {
        change: (before) => ({ ...before, approvals }),
        fact: { type: 'step.required', actor, data: { ...place, approvals } },
      }
    }
  }
}
