import { formatDuration } from '../../approval/duration.ts'
import type { Hours } from '../../approval/hours.ts'
import { fill, placesOf, type Approver, type Demand } from '../../approval/places.ts'
import { listed, rolesInWords, type PlanStage } from '../../approval/plan.ts'
import type { MembersOf } from '../enough.ts'
import type { Terms } from '../terms.ts'
import { edgesOf, isWithin, joined, spansOf, touches, week, type Span } from './week.ts'

/** When a stage has too few people who can be asked, and why. */
export type Gap = {
  stage: number
  /** Null: at any hour. */
  spans: Span[] | null
  why: string
  /** Of the role whose hours they are. */
  timezone: string | null
}

/** How finely requests are tried within a gap, in minutes. */
const step = 15

/** A role that can be asked, and how many minutes after a stage's opening it is. */
type Asked = { role: string; after: number; spans: Span[] | null; timezone: string | null }

/**
 * When which stages of a rule have too few people: members of the roles asked by then whose hours are open. A step that
 * asks one more role closes a gap if it comes before the end. So does the time that a request has: what would not be
 * answered now is none where every request of that hour still waits when enough people are there again.
 */
export function gapsOf(terms: Terms, membersOf: MembersOf, now: Date): Gap[] {
  return terms.stages.flatMap((stage, index) => gapsOfStage(terms, stage, index, membersOf, now))
}

function gapsOfStage(
  { escalation, expires_in_ms, hours }: Terms,
  stage: PlanStage,
  index: number,
  membersOf: MembersOf,
  now: Date,
): Gap[] {
  const lasts = expires_in_ms / 60_000
  const asked = rolesAsked(stage, escalation, lasts, hours, now)
  const raised = escalation.filter(
    (rung) => rung.do === 'require' && rung.approvals > stage.approvals && rung.after_ms < expires_in_ms,
  )
  const approvals = Math.max(
    stage.approvals,
    ...raised.map((rung) => (rung.do === 'require' ? rung.approvals : 0)),
  )
  const own = listed(stage.roles)
  const demand: Demand = {
    roles: stage.roles,
    approvals,
    escalated_to: asked.map(({ role }) => role).filter((role) => !own.includes(role)),
  }
  const people = peopleIn(asked, membersOf, placesOf(demand).length)
  const count = (of: Demand, there: readonly string[]) => fill(placesOf(of), among(people, there))
  const isEnough = kept((there: readonly string[]) => count(demand, there) === placesOf(demand).length)

  const edges = edgesOf(asked.flatMap(({ spans }) => spans ?? []))
  const starts = edges.length === 0 ? [0] : edges
  const segments = starts.map((from, i) => ({ from, to: starts[i + 1] ?? (starts[0] ?? 0) + week }))
  const openAt = (minute: number) =>
    asked.flatMap(({ role, spans }) => (spans === null || isWithin(spans, minute) ? [role] : []))
  const lacking = segments.filter(({ from }) => !isEnough(openAt(from)))
  const soon = (minute: number) =>
    asked.flatMap(({ role, spans, after }) =>
      spans === null || touches(spans, minute + after, lasts - after) ? [role] : [],
    )
  const unanswered = joined(lacking).filter((span) =>
    minutesIn(span).some((minute) => !isEnough(soon(minute))),
  )

  const whys = new Map<string, Span[]>()
  for (const segment of lacking) {
    if (!unanswered.some((span) => isWithin([span], segment.from))) continue
    const there = openAt(segment.from)
    const why = whyNot(stage, demand, people, there, raised)
    whys.set(why, [...(whys.get(why) ?? []), segment])
  }
  const timezone = asked.find((one) => one.timezone !== null)?.timezone ?? null
  return [...whys].map(([why, found]) => {
    const spans = joined(found)
    const always = spans.some(({ from, to }) => to - from >= week)
    return { stage: index, spans: always ? null : spans, why, timezone }
  })
}

function rolesAsked(
  stage: PlanStage,
  escalation: Terms['escalation'],
  lasts: number,
  hours: Record<string, Hours>,
  now: Date,
): Asked[] {
  const asked = new Map<string, number>(listed(stage.roles).map((role) => [role, 0]))
  for (const rung of escalation) {
    const after = rung.after_ms / 60_000
    if (rung.do === 'escalate' && after < lasts && !asked.has(rung.to)) asked.set(rung.to, after)
  }
  return [...asked].map(([role, after]) => {
    const own = Object.hasOwn(hours, role) ? hours[role] : undefined
    return { role, after, spans: own ? spansOf(own, now) : null, timezone: own?.timezone ?? null }
  })
}

/** Of a role that is not known there are enough; of many in the same roles, no more than could be needed. */
function peopleIn(asked: readonly Asked[], membersOf: MembersOf, enough: number): Approver[] {
  const held = new Map<string, string[]>()
  for (const { role } of asked)
    for (const id of membersOf(role) ?? Array.from({ length: enough }, (_, i) => `${i} of ${role}`))
      held.set(id, [...(held.get(id) ?? []), role])
  const alike = new Map<string, number>()
  return [...held].flatMap(([slack_user_id, roles]) => {
    const key = roles.join(' ')
    const before = alike.get(key) ?? 0
    alike.set(key, before + 1)
    return before < enough ? [{ slack_user_id, roles }] : []
  })
}

function among(people: readonly Approver[], there: readonly string[]): Approver[] {
  return people.map(({ slack_user_id, roles }) => ({
    slack_user_id,
    roles: roles.filter((role) => there.includes(role)),
  }))
}

function whyNot(
  { roles, approvals }: PlanStage,
  demand: Demand,
  people: readonly Approver[],
  there: readonly string[],
  raised: Terms['escalation'],
): string {
  const present = among(people, there)
  const isThere = (role: string) => present.some(({ roles: held }) => held.includes(role))
  const words = [rolesInWords(roles), ...demand.escalated_to].join(' or ')
  const absent = 'all' in roles ? roles.all.filter((role) => !isThere(role)) : []
  if (!present.some(({ roles: held }) => held.length > 0))
    return `nobody in ${'all' in roles ? [...roles.all, ...demand.escalated_to].join(' or ') : words}`
  if (absent.length > 0 && !demand.escalated_to.some(isThere)) return `nobody in ${absent.join(' or ')}`
  const filled = fill(placesOf(demand), present)
  const of = `only ${filled} of ${placesOf(demand).length} in ${words}`
  const from_start = { ...demand, approvals }
  const enoughAtFirst = fill(placesOf(from_start), present) === placesOf(from_start).length
  const [first] = raised
  return enoughAtFirst && first ? `${of}, as it asks for from ${formatDuration(first.after_ms)} on` : of
}

function minutesIn({ from, to }: Span): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
}

/** Remembers what came of each set of roles: many hours have the same. */
function kept(isEnough: (there: readonly string[]) => boolean): (there: readonly string[]) => boolean {
  const known = new Map<string, boolean>()
  return (there) => {
    const key = there.join(' ')
    const found = known.get(key) ?? isEnough(there)
    known.set(key, found)
    return found
  }
}
