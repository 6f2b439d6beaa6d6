import { readFile } from 'node:fs/promises'
import { difference } from '../admin/policy/diff.ts'
import type { NotSaved } from '../admin/policy/check.ts'
import type { Proposed } from '../admin/policy/propose.ts'
import type { Review } from '../admin/policy/review.ts'
import { lintPolicy, type Saved } from '../admin/policy/save.ts'
import { written } from '../admin/sentence.ts'
import { readVersion } from '../admin/policy/versions.ts'
import {
  comparisonWords,
  coverageWords,
  faultWords,
  savedWords,
  versionWords,
} from '../admin/policy/words.ts'
import { inOneLine } from '../platform/check.ts'
import { systemClock } from '../platform/clock.ts'
import { refused, type Command, type Printed } from './command.ts'

const operator = { type: 'operator' } as const

export const policyShow: Command = {
  usage: 'policy show [VERSION]',
  about:
    'the policy as it was saved, the newest version where none is named, and when which of its rules has nobody who could be asked',
  options: [],
  words: { least: 0, most: 1 },
  async run({ admin, people }, { words: [typed] }) {
    const version = readVersion(typed)
    if (typed !== undefined && version === null) return refused(`“${typed}” is no version: they are numbers`)
    const found = await admin.policyVersion(version)
    if ('refused' in found) return refused(found.refused)
    const coverage = await admin.coverage(found.document, people.lookUp)
    // As comments, so that what is printed is the document still.
    const said = coverageWords(coverage).map((words) => `# ${words}`)
    const lines = [`# ${versionWords(found)}`, found.document.trimEnd(), ...said]
    return { ok: true, lines, json: { ...found, coverage } }
  },
}

export const policyHistory: Command = {
  usage: 'policy history',
  about: 'the versions, the newest first, with who saved them and why',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const versions = await admin.policyVersions(100)
    return { ok: true, lines: versions.map(versionWords), json: versions }
  },
}

export const policyDiff: Command = {
  usage: 'policy diff A B',
  about: 'what changed from version A to version B',
  options: [],
  words: { least: 2, most: 2 },
  async run({ admin }, { words }) {
    const [a, b] = words.map(readVersion)
    if (!a || !b) return refused('Versions are numbers: policy diff 2 3')
    const [before, after] = [await admin.policyVersion(a), await admin.policyVersion(b)]
    if ('refused' in before) return refused(before.refused)
    if ('refused' in after) return refused(after.refused)
    const changes = difference(before.document, after.document)
    return { ok: true, lines: changes.lines.length > 0 ? changes.lines : ['Nothing.'], json: changes }
  },
}

export const policyLint: Command = {
  usage: 'policy lint FILE [--against DURATION]',
  about:
    'what is wrong with a policy file, each with its line and column, for which no database is needed; --against 7d also says which requests of that time it would have decided differently',
  options: ['against'],
  words: { least: 1, most: 1 },
  async alone({ words: [file = ''], values: { against } }) {
    return against === undefined ? lint(file) : null
  },
  async run({ admin, people }, { words: [file = ''], values: { against } }) {
    const linted = await lint(file)
    if (!linted.ok) return linted
    const document = await read(file)
    const base = await baseOf(admin, undefined)
    if (typeof document !== 'string') return document
    if (typeof base !== 'number') return base
    const review = await admin.reviewPolicy(
      { document, base, note: null },
      operator,
      people.lookUp,
      String(against),
    )
    if ('refused' in review) return printed(review)
    return {
      ...linted,
      lines: [...linted.lines, ...reviewWords(review)],
      json: { faults: [], warnings: review.warnings, comparison: review.comparison },
    }
  },
}

export const policyApply: Command = {
  usage: 'policy apply FILE (--note TEXT [--base VERSION] | --dry-run)',
  about:
    'saves a file as the next version; with --base, only if that is still the newest; with --dry-run, says what it would do and saves nothing',
  options: ['note', 'base'],
  flags: ['dry-run'],
  words: { least: 1, most: 1 },
  async run({ admin, people }, { words: [file = ''], values }) {
    const dry = values['dry-run'] === true
    const note = typeof values['note'] === 'string' ? values['note'] : null
    if (note === null && !dry) return refused('--note is missing: what changes, for the history')
    const document = await read(file)
    if (typeof document !== 'string') return document
    const base = await baseOf(admin, values['base'])
    if (typeof base !== 'number') return base
    const review = await admin.reviewPolicy({ document, base, note }, operator, people.lookUp)
    if ('refused' in review) return printed(review)
    const lines = [...review.changes.lines, ...reviewWords(review)]
    if (!dry) return printed(await admin.savePolicy({ document, base, note }, operator, people.lookUp), lines)
    const would = review.second_admin ? 'It would wait for a second admin.' : 'It would count at once.'
    return { ok: true, lines: [...lines, `Nothing was saved. ${would}`], json: review }
  },
}

export const policyRollback: Command = {
  usage: 'policy rollback VERSION [--note TEXT]',
  about: 'saves an older version’s text as the next version',
  options: ['note'],
  words: { least: 1, most: 1 },
  async run({ admin, people }, { words: [typed], values: { note } }) {
    const version = readVersion(typed)
    if (version === null) return refused(`“${typed}” is no version: they are numbers`)
    const base = await baseOf(admin, undefined)
    if (typeof base !== 'number') return base
    const older = await admin.policyVersion(version)
    if ('refused' in older) return refused(older.refused)
    const text = typeof note === 'string' ? note : null
    const review = await admin.reviewPolicy(
      { document: older.document, base, note: text },
      operator,
      people.lookUp,
    )
    if ('refused' in review) return printed(review)
    const saved = await admin.rollBackPolicy({ version, base, note: text }, operator, people.lookUp)
    return printed(saved, [...review.changes.lines, ...reviewWords(review)])
  },
}

async function baseOf(
  admin: Parameters<Extract<Command, { run: unknown }>['run']>[0]['admin'],
  typed: string | boolean | undefined,
): Promise<number | Printed> {
  if (typeof typed === 'string')
    return readVersion(typed) ?? refused(`--base is the number of a version, not ${typed}`)
  const newest = await admin.policyVersion(null)
  return 'refused' in newest ? refused(newest.refused) : newest.version
}

async function read(file: string): Promise<string | Printed> {
  return readFile(file, 'utf8').catch((error: unknown) =>
    refused(`${file} cannot be read: ${inOneLine(error)}`),
  )
}

async function lint(file: string): Promise<Printed> {
  const document = await read(file)
  if (typeof document !== 'string') return document
  const { faults, warnings, notes } = lintPolicy(document, systemClock().now())
  const place = (kind: string) => (fault: (typeof faults)[number]) =>
    `${file}:${fault.line}:${fault.column} ${kind}${fault.detail}`
  const lines = [...faults.map(place('')), ...warnings.map(place('warning: ')), ...notes.map(place('note: '))]
  return {
    ok: faults.length === 0,
    is_report: true,
    lines: lines.length > 0 ? lines : [`${file}: nothing is wrong with it.`],
    json: { faults, warnings, notes },
  }
}

function reviewWords({ comparison }: Review): string[] {
  if (comparison === null) return []
  const [first, ...kinds] = comparisonWords(comparison)
  return [written(first), ...kinds.map((kind) => `  ${written(kind)}`)]
}

/** @param before what is said before a success */
function printed(saved: Saved | Proposed | NotSaved, before: string[] = []): Printed {
  if ('refused' in saved) {
    const { faults, refused: why } = saved
    return { ok: false, lines: [`${why}.`, ...faults.map(faultWords)], json: { error: why, faults } }
  }
  return {
    ok: true,
    lines: [
      ...before,
      written(savedWords(saved)),
      ...saved.warnings.map((warning) => `warning: ${faultWords(warning)}`),
    ],
    json: saved,
  }
}
