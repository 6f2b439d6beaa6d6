import { isGroup } from './roles.ts'
import { gapsOf } from './staffing/gaps.ts'
import { leftBySeparation } from './staffing/separation.ts'
import { gapWords } from './staffing/words.ts'
import type { Asked, MembersOf } from './enough.ts'
import { inReadingOrder, type Fault, type Finding } from './fault.ts'
import type { ParsedPolicy } from './parse.ts'
import { unreachableStages } from './stage-faults.ts'
import type { Terms } from './terms.ts'
import { everybodyIn, troublesIn, type Look } from './workspace.ts'

/** What becomes of a document in a workspace with these people. */
export type PeopleReport = {
  /** Plans that nobody could ever meet: the document is to be refused. */
  faults: Fault[]
  /** What is not there, and when a rule has nobody who could be asked. */
  warnings: Fault[]
  /** What may come up and may not: a rule that has nobody to spare. */
  notes: Fault[]
}

/**
 * Judges a document by the people of the workspace: the pure part of what is asked of Slack when one is saved.
 *
 * Whoever holds a role with `hours` is there while they are open, and for whoever holds one without, always. The hours are
 * those of a week with the clocks as they stand at `now`.
 */
export function judgePeople(
  { document, compiled, locate }: ParsedPolicy & { ok: true },
  look: Look,
  now: Date,
): PeopleReport {
  const inRole = new Map(Object.keys(document.roles).map((name) => [name, everybodyIn(document, name, look)]))
  const membersOf: MembersOf = (role) => inRole.get(role) ?? null
  // Who is deactivated may be back tomorrow, and what is misspelt is warned of: only what is certain is refused.
  const canVote: MembersOf = (role) => membersOf(role)?.filter((id) => !look.cannot_vote.has(id)) ?? null
  const zones = new Set(Object.values(document.roles).flatMap(({ hours }) => hours?.timezone ?? []))
  const judge = onceFor((terms: Terms) => ({
    gaps: gapsOf(terms, canVote, now),
    left: leftBySeparation(terms, askedBy(terms), canVote),
  }))

  const asking = [
    ...compiled.rules.map(({ name, terms }, i) => ({ name, terms, at: { path: ['rules', i, 'name'] } })),
    { name: 'defaults', terms: compiled.otherwise, at: { path: ['defaults'], on_key: true } },
  ].filter(({ terms }) => terms.effect === 'require_approval')
  const gaps = asking.flatMap(({ name, terms, at }): Finding[] =>
    judge(terms).gaps.map((gap) => ({
      ...at,
      detail: gapWords(name, gap, terms.stages.length, zones.size > 1, now),
    })),
  )
  const notes = asking.flatMap(({ name, terms, at }): Finding[] => {
    const { left } = judge(terms)
    return left === null ? [] : [{ ...at, detail: `${name}: ${left}` }]
  })
  const placed = (findings: Finding[]) => findings.map(locate).sort(inReadingOrder)
  return {
    faults: placed(impossible(document, membersOf)),
    warnings: placed([...troublesIn(document, look), ...gaps]),
    notes: placed(notes),
  }
}

/** Plans for which there are too few people now that user groups are read, each said once: those of users only are faults anyway. */
function impossible(document: (ParsedPolicy & { ok: true })['document'], membersOf: MembersOf): Finding[] {
  if (!Object.values(document.roles).some(({ members }) => members.some(isGroup))) return []
  const { defaults, rules } = document
  return [
    ...unreachableStages(defaults, defaults, membersOf, ['defaults']),
    ...rules.flatMap((rule, i) => unreachableStages(rule, defaults, membersOf, ['rules', i])),
  ]
}

function askedBy({ stages, escalation, separation_of_duties }: Terms): Asked {
  const to = escalation.flatMap((rung) => (rung.do === 'escalate' ? [rung.to] : []))
  return { stages, to: [...new Set(to)], repeat_barred: separation_of_duties.repeat }
}

/** Many rules ask the same of the same people. */
function onceFor<T>(judge: (terms: Terms) => T): (terms: Terms) => T {
  const known = new Map<string, T>()
  return (terms) => {
    const { stages, escalation, expires_in_ms, hours, separation_of_duties } = terms
    const key = JSON.stringify([stages, escalation, expires_in_ms, hours, separation_of_duties])
    const found = known.get(key) ?? judge(terms)
    known.set(key, found)
    return found
  }
}
