import { readFile } from 'node:fs/promises'
import { difference } from '../admin/policy/diff.ts'
import { lintPolicy, type NotSaved, type Saved } from '../admin/policy/save.ts'
import { readVersion } from '../admin/policy/versions.ts'
import { faultWords, versionWords } from '../admin/policy/words.ts'
import { inOneLine } from '../platform/check.ts'
import { refused, type Command, type Printed } from './command.ts'

const operator = { type: 'operator' } as const

export const policyShow: Command = {
  usage: 'policy show [VERSION]',
  about: 'the policy as it was saved; the newest version where none is named',
  options: [],
  words: { least: 0, most: 1 },
  async run({ admin }, { words: [typed] }) {
    const version = readVersion(typed)
    if (typed !== undefined && version === null) return refused(`“${typed}” is no version: they are numbers`)
    const found = await admin.policyVersion(version)
    if ('refused' in found) return refused(found.refused)
    return { ok: true, lines: [`# ${versionWords(found)}`, found.document.trimEnd()], json: found }
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
  usage: 'policy lint FILE',
  about: 'what is wrong with a policy file, each with its line and column; needs no database',
  options: [],
  words: { least: 1, most: 1 },
  async alone({ words: [file = ''] }) {
    const document = await read(file)
    if (typeof document !== 'string') return document
    const { faults, warnings } = lintPolicy(document)
    const place = (kind: string) => (fault: (typeof faults)[number]) =>
      `${file}:${fault.line}:${fault.column} ${kind}${fault.detail}`
    const lines = [...faults.map(place('')), ...warnings.map(place('warning: '))]
    return {
      ok: faults.length === 0,
      is_report: true,
      lines: lines.length > 0 ? lines : [`${file}: nothing is wrong with it.`],
      json: { faults, warnings },
    }
  },
}

export const policyApply: Command = {
  usage: 'policy apply FILE --note TEXT [--base VERSION]',
  about: 'saves a file as the next version; with --base, only if that is still the newest',
  options: ['note', 'base'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [file = ''], values: { note, base } }) {
    if (typeof note !== 'string') return refused('--note is missing: what changes, for the history')
    const document = await read(file)
    if (typeof document !== 'string') return document
    const from = await baseOf(admin, base)
    if (typeof from !== 'number') return from
    return printed(await admin.savePolicy({ document, base: from, note }, operator))
  },
}

export const policyRollback: Command = {
  usage: 'policy rollback VERSION [--note TEXT]',
  about: 'saves an older version’s text as the next version',
  options: ['note'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [typed], values: { note } }) {
    const version = readVersion(typed)
    if (version === null) return refused(`“${typed}” is no version: they are numbers`)
    const base = await baseOf(admin, undefined)
    if (typeof base !== 'number') return base
    const text = typeof note === 'string' ? note : null
    return printed(await admin.rollBackPolicy({ version, base, note: text }, operator))
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

function printed(saved: Saved | NotSaved): Printed {
  if ('refused' in saved) {
    const { faults, refused: why } = saved
    return { ok: false, lines: [`${why}.`, ...faults.map(faultWords)], json: { error: why, faults } }
  }
  const { version, changes, warnings } = saved
  return {
    ok: true,
    lines: [
      ...changes.lines,
      `Version ${version} counts from now on.`,
      ...warnings.map((warning) => `warning: ${faultWords(warning)}`),
    ],
    json: saved,
  }
}
