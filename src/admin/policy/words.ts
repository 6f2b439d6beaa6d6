import type { Fault } from '../../policy/index.ts'
import type { Comparison } from './compare.ts'
import type { Difference } from './diff.ts'
import type { Coverage } from './look-up.ts'
import type { Proposal, Standing } from './proposals.ts'
import type { Proposed } from './propose.ts'
import type { Saved } from './save.ts'
import type { Sentence } from '../sentence.ts'
import type { VersionHead } from './versions.ts'

export type { Fault } from '../../policy/index.ts'

/** How many kinds of difference an answer names. */
const namedKinds = 5

/** One fault or warning in a line, with where it stands. */
export function faultWords({ line, column, path, detail }: Fault): string {
  return `line ${line}, column ${column}${path === '' ? '' : ` (${path})`}: ${detail}`
}

/** What is the matter with a saved document, and may come up, a line each. */
export function coverageWords(coverage: Coverage | null): string[] {
  if (coverage === null) return ['This program cannot read it any more.']
  return [
    ...coverage.warnings.map((warning) => `warning: ${faultWords(warning)}`),
    ...coverage.notes.map((note) => `note: ${faultWords(note)}`),
  ]
}

/** A version in a line. */
export function versionWords({ version, author, note, created_at, confirmed_by }: VersionHead): string {
  const who = confirmed_by === null ? author : `${author}, confirmed by ${confirmed_by}`
  return `version ${version}  ${created_at.toISOString()}  ${who}${note === null ? '' : `  ${note}`}`
}

export function changeWords({ added, removed }: Difference): string {
  return `${lines(added)} added, ${removed} removed`
}

/** What came of saving: a version that counts, or a proposal that does not yet. */
export function savedWords(saved: Saved | Proposed): Sentence {
  if ('version' in saved)
    return [`Version ${saved.version} counts from now on: ${changeWords(saved.changes)}.`]
  const { proposal, changes, lapses_at } = saved
  return [
    `Proposal ${proposal} waits for a second admin, until `,
    lapses_at,
    `: ${changeWords(changes)}. Nothing has changed yet; the other admins were told.`,
  ]
}

/** What a change would have made of the requests of late, the most frequent kinds first: a sentence and its items. */
export function comparisonWords({ looked_at, since, changed, kinds }: Comparison): [Sentence, ...Sentence[]] {
  if (looked_at === 0 || since === null)
    return [['There are no requests of late that it could have decided differently.']]
  if (looked_at === 1)
    return changed === 0
      ? [['The last request (', since, ') would have been decided the same.']]
      : [['The last request (', since, ') would have been decided differently:'], ...kinds.map(kindWords)]
  const all: Sentence = [`Of the last ${looked_at} requests (since `, since, ')']
  if (changed === 0) return [[...all, ', each would have been decided the same.']]
  const more = kinds.length - namedKinds
  return [
    [...all, `, ${changed} would have been decided differently:`],
    ...kinds.slice(0, namedKinds).map(kindWords),
    ...(more > 0 ? [[`… and ${more} more ${more === 1 ? 'kind' : 'kinds'}`]] : []),
  ]
}

function kindWords({ from, to, count, example }: Comparison['kinds'][number]): Sentence {
  return [
    `${count === 1 ? '1 request' : `${count} requests`}: ${from} → ${to}, such as ${example.tool} (${example.id})`,
  ]
}

/** A proposal in a line. */
export function proposalWords({
  number,
  base,
  author,
  note,
  created_at,
  changes,
  standing,
}: Proposal): string {
  const about = `proposal ${number}  ${created_at.toISOString()}  ${author}  from version ${base}, ${changeWords(changes)}`
  return `${about}${note === null ? '' : `  ${note}`}  ${standingWords(standing)}`
}

/** @param nameOf how a person is called; by their Slack id where it is left out */
export function standingWords(standing: Standing, nameOf = (id: string) => id): string {
  switch (standing.state) {
    case 'waiting':
      return 'waits for a second admin'
    case 'lapsed':
      return `lapsed: ${standing.because}`
    case 'confirmed':
    case 'rejected': {
      const { state, by, reason } = standing
      return `${state} by ${nameOf(by)}${reason === null ? '' : `: ${reason}`}`
    }
  }
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`
}
