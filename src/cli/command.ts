import type { Admin } from '../admin/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Metrics } from '../metrics/index.ts'
import type { Check } from '../platform/check.ts'

/** What a command works with. */
export type Desk = { admin: Admin; audit: Audit; metrics: Metrics; people: People }

/** The people of the workspace, as far as they can be asked from here. */
export type People = {
  /** Who could vote; see `FindVoters`. */
  reach: Parameters<Admin['testPolicy']>[1]
  /** What Slack says about what a policy names. */
  lookUp: Parameters<Admin['coverage']>[1]
  /** Names by Slack user id, of those that are known. */
  names(ids: string[]): Promise<Record<string, string>>
}

export type Options = { values: Record<string, string | boolean | undefined>; words: string[] }

/**
 * What is printed: `json` with `--json`, the lines otherwise. `ok: false` is an exit code of 1, and its lines go to
 * standard error, unless they are the very report that was asked for. What was streamed is on standard output already.
 */
export type Printed = { ok: boolean; lines: string[]; json: unknown; is_report?: true; is_streamed?: true }

export type Command = {
  /** How it is typed, as help shows it. */
  usage: string
  about: string
  /** Its options besides `--json` that take a text. */
  options: readonly string[]
  /** Those that are only there or not. */
  flags?: readonly string[]
  /** How many words it takes. */
  words: { least: number; most: number }
} & (
  | { run(desk: Desk, options: Options): Promise<Printed> }
  /** For what needs no database; where it answers null, it needs one after all. */
  | { alone(options: Options): Promise<Printed | null>; run(desk: Desk, options: Options): Promise<Printed> }
  /** For what is about files only. */
  | { offline(options: Options): Promise<Printed> }
  /** For what must be of use where there is no desk: gets what was found out without one. */
  | { report(checks: Check[]): Printed }
)

export function refused(why: string): Printed {
  return { ok: false, lines: [why], json: { error: why } }
}
