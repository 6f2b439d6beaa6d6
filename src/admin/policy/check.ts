import { adminsOf, asksSecondAdmin, parsePolicy, type Fault, type ParsedPolicy } from '../../policy/index.ts'
import { newestPolicy, type PolicyVersionRow } from '../../store/policy-versions.ts'
import type { Refused } from '../agents.ts'
import type { AdminParts, By } from '../index.ts'
import { difference, type Difference } from './diff.ts'
import { judgeBy, type LookUp } from './look-up.ts'

/** The longest note, in characters. */
const longestNote = 500

/** A document that somebody wants to save. `base` is the version that it was made from. */
export type Draft = { document: string; base: number; note: string | null }

/** Why nothing was saved: the document's faults, each with its line and column, or words. */
export type NotSaved = Refused & { faults: Fault[] }

/** What may be saved: what it changes, in place of which version, and whether a second admin must agree. */
export type Sound = {
  newest: PolicyVersionRow
  parsed: ParsedPolicy & { ok: true }
  /** The newest version, read; null where this program cannot read it any more. */
  present: (ParsedPolicy & { ok: true }) | null
  changes: Difference
  /** What in it nobody will ever act on, what is not there in Slack, and when a rule has nobody to ask. */
  warnings: Fault[]
  second_admin: boolean
}

export function notSaved(refused: string, faults: Fault[] = []): NotSaved {
  return { refused, faults }
}

/** Whether a draft may become the next version. */
export async function checkDraft(
  { database, clock }: Pick<AdminParts, 'database' | 'clock'>,
  { document, base, note }: Draft,
  by: By,
  lookUp: LookUp,
): Promise<Sound | NotSaved> {
  if (note !== null && note.length > longestNote)
    return notSaved(`The note is at most ${longestNote} characters`)
  const parsed = parsePolicy(document)
  if (!parsed.ok) return notSaved(faulty(parsed.faults), parsed.faults)
  const newest = await newestPolicy(database)
  if (!newest) return notSaved('There is no policy yet')
  if (newest.version !== base) return { ...notSaved(outdated(base, newest)), names: newest.author }
  const changes = difference(newest.document, document)
  if (changes.lines.length === 0) return notSaved(`That is what version ${base} says already`)
  const people = await judgeBy(lookUp, parsed, clock.now())
  if (people.faults.length > 0) return notSaved(faulty(people.faults), people.faults)
  const warnings = [...parsed.warnings, ...people.warnings]
  const present = parsePolicy(newest.document)
  // One that this program cannot read any more has no say in who replaces it.
  if (!present.ok) return { newest, parsed, present: null, changes, warnings, second_admin: false }
  const admins = adminsOf(present.document)
  const kept = adminsOf(parsed.document).filter((one) => admins.includes(one))
  if (by.type === 'human' && !(await isAnybodyThere(kept, lookUp)))
    return notSaved(
      `Of those who are admins now (${admins.join(', ')}) nobody who is there would be one any more, and a slip in an id would leave nobody to undo it: keep one of them, and take them out once the others have been here`,
    )
  const second_admin = asksSecondAdmin(present.document)
  return { newest, parsed, present, changes, warnings: [...lockedOut(parsed, by), ...warnings], second_admin }
}

/** Whether one of them can act, as far as Slack says. */
async function isAnybodyThere(people: string[], lookUp: LookUp): Promise<boolean> {
  if (people.length === 0) return false
  const { cannot_vote } = await lookUp({ users: people, groups: [], channels: [] })
  return people.some((one) => !cannot_vote.has(one))
}

/** That who saves it could not undo it: nobody wants that by a slip. */
function lockedOut({ document, locate }: Sound['parsed'], by: By): Fault[] {
  if (by.type !== 'human' || adminsOf(document).includes(by.slack_user_id)) return []
  const detail = `you are not among them, ${by.name}: from then on others change the policy`
  return [locate({ path: ['admins'], detail })]
}

export function faulty(faults: Fault[]): string {
  const many = faults.length === 1 ? 'a fault' : `${faults.length} faults`
  return `The document has ${many}, and nothing was saved`
}

export function outdated(
  base: number,
  newest: { version: number; author: string; created_at: Date },
): string {
  const { version, author, created_at } = newest
  return `${author} saved version ${version} at ${created_at.toISOString()}, and yours was made from version ${base}: nothing was overwritten. Look at what changed (policy diff ${base} ${version}) and save again from there`
}
