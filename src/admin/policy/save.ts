import { parsePolicy, type Fault } from '../../policy/index.ts'
import { addPolicyVersion, newestPolicy } from '../../store/policy-versions.ts'
import type { Refused } from '../agents.ts'
import type { AdminParts, By } from '../index.ts'
import { adminEvent } from '../record.ts'
import { difference, type Difference } from './diff.ts'
import { authorOf, policyVersion } from './versions.ts'

/** The longest note, in characters. */
const longestNote = 500

/** A new version, what it changed, and what in it nobody will ever act on. */
export type Saved = { version: number; before: number; changes: Difference; warnings: Fault[] }

/** Why nothing was saved: the document's faults, each with its line and column, or words. */
export type NotSaved = Refused & { faults: Fault[] }

/**
 * Saves a document as the next version, which counts from the very next request on.
 *
 * @param asked.base the version that it was made from: where there is a newer one, nothing is overwritten
 */
export async function savePolicy(
  parts: AdminParts,
  asked: { document: string; base: number; note: string | null },
  by: By,
): Promise<Saved | NotSaved> {
  return add(parts, asked, by, (version, changes) => ({
    type: 'policy.saved' as const,
    data: { version, before: asked.base, note: asked.note, added: changes.added, removed: changes.removed },
  }))
}

/** Saves an older version's text as the next version. */
export async function rollBackPolicy(
  parts: AdminParts,
  asked: { version: number; base: number; note: string | null },
  by: By,
): Promise<Saved | NotSaved> {
  const older = await policyVersion(parts, asked.version)
  if ('refused' in older) return { ...older, faults: [] }
  const note = asked.note ?? `Back to version ${asked.version}`
  return add(parts, { document: older.document, base: asked.base, note }, by, (version) => ({
    type: 'policy.rolled_back' as const,
    data: { version, before: asked.base, to: asked.version, note },
  }))
}

/** What is wrong with a document, without saving it. */
export function lintPolicy(document: string): { faults: Fault[]; warnings: Fault[] } {
  const parsed = parsePolicy(document)
  return parsed.ok ? { faults: [], warnings: parsed.warnings } : { faults: parsed.faults, warnings: [] }
}

async function add(
  { database, clock }: AdminParts,
  { document, base, note }: { document: string; base: number; note: string | null },
  by: By,
  event: (
    version: number,
    changes: Difference,
  ) => { type: 'policy.saved' | 'policy.rolled_back'; data: object },
): Promise<Saved | NotSaved> {
  const refuse = (refused: string, faults: Fault[] = []): NotSaved => ({ refused, faults })
  if (note !== null && note.length > longestNote)
    return refuse(`The note is at most ${longestNote} characters`)
  const parsed = parsePolicy(document)
  if (!parsed.ok) {
    const many = parsed.faults.length === 1 ? 'a fault' : `${parsed.faults.length} faults`
    return refuse(`The document has ${many}, and nothing was saved`, parsed.faults)
  }
  const newest = await newestPolicy(database)
  if (!newest) return refuse('There is no policy yet')
  if (newest.version !== base) return refuse(outdated(base, newest))
  const changes = difference(newest.document, document)
  if (changes.lines.length === 0) return refuse(`That is what version ${base} says already`)
  const version = base + 1
  const now = clock.now()
  const { type, data } = event(version, changes)
  const row = { version, document, author: authorOf(by), note, created_at: now }
  // Two who save at once both found the same newest: the number is given once.
  if (!(await addPolicyVersion(database, row, adminEvent(type, by, now, data)))) {
    const first = await newestPolicy(database)
    return refuse(first ? outdated(base, first) : 'There is no policy yet')
  }
  return { version, before: base, changes, warnings: parsed.warnings }
}

function outdated(base: number, newest: { version: number; author: string; created_at: Date }): string {
  const { version, author, created_at } = newest
  return `${author} saved version ${version} at ${created_at.toISOString()}, and yours was made from version ${base}: nothing was overwritten. Look at what changed (policy diff ${base} ${version}) and save again from there`
}
