import type { Fault } from '../../policy/index.ts'
import { addProposal, listWaitingProposals } from '../../store/policy-proposals.ts'
import type { AdminParts, By } from '../index.ts'
import { adminEvent } from '../record.ts'
import { notSaved, type Draft, type NotSaved, type Sound } from './check.ts'
import { writeComparison } from './compare.ts'
import type { Difference } from './diff.ts'
import { comparisonOf } from './review.ts'
import { authorOf } from './versions.ts'

/** How long a proposal waits for a second admin, in milliseconds. */
const waitsMs = 86_400_000

/** A change that counts once another admin has confirmed it, and lapses where nobody does. */
export type Proposed = {
  proposal: number
  before: number
  changes: Difference
  warnings: Fault[]
  lapses_at: Date
}

/** Keeps a sound draft until a second admin has decided about it. */
export async function propose(
  parts: AdminParts,
  { document, base, note, back_to }: Draft & { back_to: number | null },
  sound: Sound,
  by: By,
): Promise<Proposed | NotSaved> {
  const { database, clock, work } = parts
  const { changes, warnings } = sound
  // What the other admins are to judge by is what its author could see.
  const comparison = await comparisonOf(parts, sound, null)
  const now = clock.now()
  const waiting = await listWaitingProposals(database)
  const same = waiting.find((one) => one.document === document && one.base === base && one.lapses_at > now)
  if (same) return notSaved(`That is proposed already, as ${same.number}`)
  const lapses_at = new Date(now.getTime() + waitsMs)
  const author = authorOf(by)
  const { added, removed } = changes
  const proposal = await addProposal(
    database,
    {
      document,
      base,
      author,
      note,
      back_to,
      comparison: comparison && writeComparison(comparison),
      created_at: now,
      lapses_at,
    },
    (number) =>
      adminEvent('policy.proposed', by, now, {
        proposal: number,
        before: base,
        note,
        to: back_to,
        added,
        removed,
        lapses_at,
      }),
  )
  work.raise()
  return { proposal, before: base, changes, warnings, lapses_at }
}
