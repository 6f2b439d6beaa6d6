import { readFile } from 'node:fs/promises'
import type { AskedTrial } from '../admin/policy/trial.ts'
import { written } from '../admin/sentence.ts'
import { namedIn, trialWords } from '../admin/policy/trial-words.ts'
import { readVersion } from '../admin/policy/versions.ts'
import { faultWords } from '../admin/policy/words.ts'
import { inOneLine } from '../platform/check.ts'
import { refused, type Command, type Printed } from './command.ts'

export const policyTest: Command = {
  usage: 'policy test (ID | REQUEST | -) [--agent NAME] [--version N | --file FILE]',
  about:
    'what the policy would do with a request, and why: one that was asked, or JSON as an agent sends it (- reads it from standard input); with --version or --file, what another policy would do',
  options: ['agent', 'version', 'file'],
  words: { least: 1, most: 1 },
  async run({ admin, people }, { words: [typed = ''], values: { agent, version, file } }) {
    const by = await policyIn(version, file)
    if ('lines' in by) return by
    const of = typed === '-' ? await standardInput() : typed
    const tried = await admin.testPolicy(
      { of, agent: typeof agent === 'string' ? agent : null, by },
      people.reach,
    )
    if ('refused' in tried) {
      const lines = [`${tried.refused}.`, ...tried.faults.map(faultWords)]
      return { ok: false, lines, json: { error: tried.refused, faults: tried.faults } }
    }
    const sections = trialWords(tried, await people.names(namedIn(tried)))
    const lines = sections.flatMap(({ title, lines: told }) => [
      title,
      ...told.map((one) => `  ${written(one)}`),
    ])
    return { ok: true, lines, json: tried }
  },
}

async function policyIn(
  version: string | boolean | undefined,
  file: string | boolean | undefined,
): Promise<AskedTrial['by'] | Printed> {
  if (typeof file === 'string') {
    if (version !== undefined) return refused('--version and --file are two policies: name one')
    return readFile(file, 'utf8').then(
      (document) => ({ document }),
      (error: unknown) => refused(`${file} cannot be read: ${inOneLine(error)}`),
    )
  }
  if (version === undefined) return { version: null }
  const number = readVersion(String(version))
  return number === null
    ? refused(`--version is the number of a version, not ${String(version)}`)
    : { version: number }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
