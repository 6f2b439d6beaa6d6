import type { KnownBlock } from '@slack/types'
import { difference } from '../../../admin/policy/diff.ts'
import { readVersion } from '../../../admin/policy/versions.ts'
import { changeWords, coverageWords } from '../../../admin/policy/words.ts'
import { reveal } from '../../../approval/reveal.ts'
import { fit } from '../../views/limits.ts'
import { preformatted } from '../../views/preformatted.ts'
import { bold, line, plain, richText } from '../../views/text.ts'
import { authorsOf, versionLine } from '../../views/versions.ts'
import { echo, say, type Act } from '../command.ts'

/** How much of a document or a difference one answer shows. */
const shownCharacters = 8_000

export const show: Act = {
  usage: '[VERSION]',
  about: 'the document, with who saved it and why; the newest version where none is named',
  most: 1,
  async run({ admin, workspace }, { words: [typed] }) {
    const wanted = readVersion(typed)
    if (typed !== undefined && wanted === null)
      return say(`“${echo(typed)}” is no version: they are numbers.`)
    const found = await admin.policyVersion(wanted)
    if ('refused' in found) return say(`${found.refused}.`)
    const { version, document } = found
    const coverage = coverageWords(await admin.coverage(document, workspace.lookUp))
    return {
      text: `Policy version ${version}`,
      blocks: [
        richText(line(...versionLine(found, await workspace.people(authorsOf([found]))))),
        ...preformatted(
          document,
          shownCharacters,
          `countersign policy show ${version}, on the command line, prints all of it.`,
        ),
        ...coverageBlocks(coverage),
      ],
    }
  },
}

/** How many of them one answer shows. */
const mostShown = 20

function coverageBlocks(words: readonly string[]): KnownBlock[] {
  const left = words.length - mostShown
  const shown = left > 0 ? [...words.slice(0, mostShown), `… and ${left} more`] : words
  if (shown.length === 0) return []
  const elements = shown.map((one) => line(plain(fit(reveal(one), 300))))
  return [richText({ type: 'rich_text_list', style: 'bullet', elements })]
}

export const history: Act = {
  usage: '',
  about: 'the versions, the newest first, with who saved them and why',
  most: 0,
  async run({ admin, workspace }) {
    const versions = await admin.policyVersions(30)
    const people = await workspace.people(authorsOf(versions))
    const elements = versions.map((version) => line(...versionLine(version, people)))
    return {
      text: 'The policy’s versions',
      blocks: [
        richText(line(bold('The newest first')), { type: 'rich_text_list', style: 'bullet', elements }),
      ],
    }
  },
}

export const diff: Act = {
  usage: 'A B',
  about: 'what changed from version A to version B',
  most: 2,
  async run({ admin }, { words }) {
    const [a, b] = words.map(readVersion)
    if (!a || !b) return say('Name two versions: /countersign policy diff 2 3')
    const [before, after] = [await admin.policyVersion(a), await admin.policyVersion(b)]
    if ('refused' in before) return say(`${before.refused}.`)
    if ('refused' in after) return say(`${after.refused}.`)
    const changes = difference(before.document, after.document)
    if (changes.lines.length === 0) return say(`Versions ${a} and ${b} say the same.`)
    const text = `From version ${a} to ${b}: ${changeWords(changes)}`
    return {
      text,
      blocks: [
        richText(line(bold(text))),
        ...preformatted(
          changes.lines.join('\n'),
          shownCharacters,
          `countersign policy diff ${a} ${b}, on the command line, prints all of it.`,
        ),
      ],
    }
  },
}
