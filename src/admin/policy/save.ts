import { judgePeople, parsePolicy, unasked, type Fault } from '../../policy/index.ts'
import { addPolicyVersion, newestPolicy } from '../../store/policy-versions.ts'
import type { AdminParts, By } from '../index.ts'
import { adminEvent } from '../record.ts'
import { checkDraft, notSaved, outdated, type Draft, type NotSaved } from './check.ts'
import type { Difference } from './diff.ts'
import type { LookUp } from './look-up.ts'
import { propose, type Proposed } from './propose.ts'
import { authorOf, policyVersion } from './versions.ts'

/** A new version, what it changed, and what in it nobody will ever act on. */
export type Saved = { version: number; before: number; changes: Difference; warnings: Fault[] }

/**
 * Saves a document as the next version, which counts from the very next request on; or proposes it, where the policy in
 * force asks for a second admin.
 *
 * @param asked.base the version that it was made from: where there is a newer one, nothing is overwritten
 */
export async function savePolicy(
  parts: AdminParts,
  asked: Draft,
  by: By,
  lookUp: LookUp,
): Promise<Saved | Proposed | NotSaved> {
  return add(parts, { ...asked, back_to: null }, by, lookUp)
}

/** Saves, or proposes, an older version's text as the next version. */
export async function rollBackPolicy(
  parts: AdminParts,
  asked: { version: number; base: number; note: string | null },
  by: By,
  lookUp: LookUp,
): Promise<Saved | Proposed | NotSaved> {
  const older = await policyVersion(parts, asked.version)
  if ('refused' in older) return { ...older, faults: [] }
  const note = asked.note ?? `Back to version ${asked.version}`
  return add(parts, { document: older.document, base: asked.base, note, back_to: asked.version }, by, lookUp)
}

/** What is wrong with a document, without saving it, as far as can be seen without asking Slack. */
export function lintPolicy(
  document: string,
  now: Date,
): { faults: Fault[]; warnings: Fault[]; notes: Fault[] } {
  const parsed = parsePolicy(document)
  if (!parsed.ok) return { faults: parsed.faults, warnings: [], notes: [] }
  const { faults, warnings, notes } = judgePeople(parsed, unasked, now)
  return { faults, warnings: [...parsed.warnings, ...warnings], notes }
}

async function add(
  parts: AdminParts,
  draft: Draft & { back_to: number | null },
  by: By,
  lookUp: LookUp,
): Promise<Saved | Proposed | NotSaved> {
  const { database, clock, work } = parts
  const sound = await checkDraft(parts, draft, by, lookUp)
  if ('refused' in sound) return sound
  if (sound.second_admin) return propose(parts, draft, sound, by)
  const { document, base, note, back_to } = draft
  const { changes, warnings } = sound
  const version = base + 1
  const now = clock.now()
  const row = { version, document, author: authorOf(by), note, created_at: now, confirmed_by: null }
  const event = versionEvent(
    { version, base, note, back_to, changes, proposal: null, proposed_by: null },
    by,
    now,
  )
  // Two who save at once both found the same newest: the number is given once.
  if (!(await addPolicyVersion(database, row, event))) {
    const first = await newestPolicy(database)
    return first
      ? { ...notSaved(outdated(base, first)), names: first.author }
      : notSaved('There is no policy yet')
  }
  work.raise()
  return { version, before: base, changes, warnings }
}

/** The audit event of a version that begins to count: `by` is whose act made it do so. */
export function versionEvent(
  saved: {
    version: number
    base: number
    note: string | null
    back_to: number | null
    changes: Difference
    proposal: number | null
    proposed_by: string | null
  },
  by: By,
  at: Date,
) {
  const { version, base, note, back_to, changes, proposal, proposed_by } = saved
  const { added, removed } = changes
  const of = { version, before: base, note, added, removed, proposal, proposed_by }
  return back_to === null
    ? adminEvent('policy.saved', by, at, of)
    : adminEvent('policy.rolled_back', by, at, { ...of, to: back_to })
}
