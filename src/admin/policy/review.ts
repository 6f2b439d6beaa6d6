import { parseDuration } from '../../approval/duration.ts'
import type { Fault } from '../../policy/index.ts'
import type { AdminParts, By } from '../index.ts'
import { checkDraft, notSaved, type Draft, type NotSaved, type Sound } from './check.ts'
import { comparePolicies, type Comparison } from './compare.ts'
import type { Difference } from './diff.ts'
import type { LookUp } from './look-up.ts'

/** What saving a document would do, found out before it counts. */
export type Review = {
  before: number
  changes: Difference
  warnings: Fault[]
  /** Whether it would only be proposed, and count once a second admin has confirmed it. */
  second_admin: boolean
  /** Null where the version in force cannot be read any more. */
  comparison: Comparison | null
}

/**
 * Says what a draft would change, and stores nothing.
 *
 * @param look_back how far back it looks for requests that would have been decided differently, as `7d`; null for the
 *   newest 500
 */
export async function reviewPolicy(
  parts: AdminParts,
  draft: Draft,
  by: By,
  lookUp: LookUp,
  look_back: string | null = null,
): Promise<Review | NotSaved> {
  const back_ms = look_back === null ? null : parseDuration(look_back)
  if (look_back !== null && back_ms === null)
    return notSaved(`How far to look back is a duration such as 24h or 7d; not ${look_back}`)
  const sound = await checkDraft(parts, draft, by, lookUp)
  if ('refused' in sound) return sound
  const { newest, changes, warnings, second_admin } = sound
  const since = back_ms === null ? null : new Date(parts.clock.now().getTime() - back_ms)
  const comparison = await comparisonOf(parts, sound, since)
  return { before: newest.version, changes, warnings, second_admin, comparison }
}

/** What a sound draft would have made of the requests of late; null where the version in force cannot be read any more. */
export async function comparisonOf(
  parts: AdminParts,
  { present, parsed }: Sound,
  since: Date | null,
): Promise<Comparison | null> {
  return present && comparePolicies(parts, present.compiled, parsed.compiled, since)
}
