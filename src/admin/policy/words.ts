import type { Fault } from '../../policy/index.ts'
import type { VersionHead } from './versions.ts'

export type { Fault } from '../../policy/index.ts'

/** One fault or warning in a line, with where it stands. */
export function faultWords({ line, column, path, detail }: Fault): string {
  return `line ${line}, column ${column}${path === '' ? '' : ` (${path})`}: ${detail}`
}

/** A version in a line. */
export function versionWords({ version, author, note, created_at }: VersionHead): string {
  return `version ${version}  ${created_at.toISOString()}  ${author}${note === null ? '' : `  ${note}`}`
}
