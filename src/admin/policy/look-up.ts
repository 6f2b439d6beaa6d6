import {
  judgePeople,
  namesIn,
  parsePolicy,
  type Fault,
  type Look,
  type Names,
  type ParsedPolicy,
  type PeopleReport,
} from '../../policy/index.ts'
import type { AdminParts } from '../index.ts'

export { unasked } from '../../policy/index.ts'

/**
 * Asks Slack about what a document names: whoever has a document saved brings the way to ask. It answers within the time
 * that somebody can wait, with what is known by then, and never throws.
 */
export type LookUp = (names: Names) => Promise<Look>

/** Judges a document by the people that there are now. */
export async function judgeBy(
  lookUp: LookUp,
  parsed: ParsedPolicy & { ok: true },
  now: Date,
): Promise<PeopleReport> {
  return judgePeople(parsed, await lookUp(namesIn(parsed.document)), now)
}

/** What is the matter with a saved document, also in the workspace, and when which of its rules has nobody who could be asked. */
export type Coverage = { warnings: Fault[]; notes: Fault[] }

/** Null for a document that this program cannot read. */
export async function coverageOf(
  { clock }: Pick<AdminParts, 'clock'>,
  document: string,
  lookUp: LookUp,
): Promise<Coverage | null> {
  const parsed = parsePolicy(document)
  if (!parsed.ok) return null
  const { faults, warnings, notes } = await judgeBy(lookUp, parsed, clock.now())
  // What would be refused today is in force all the same.
  return { warnings: [...faults, ...parsed.warnings, ...warnings], notes }
}
