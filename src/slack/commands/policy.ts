import type { KnownBlock } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import { didYouMean } from '../../admin/nearest.ts'
import { difference } from '../../admin/policy/diff.ts'
import { readVersion } from '../../admin/policy/versions.ts'
import { faultWords, versionWords } from '../../admin/policy/words.ts'
import type { SlackParts } from '../context.ts'
import { fit } from '../views/limits.ts'
import { policyView } from '../views/policy-modal.ts'
import { bold, dateToken, line, plain, richText } from '../views/text.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { say, type Answer, type Command } from './command.ts'

type Asked = { visitor: Visitor; words: string[] }

/** How much of a document or a difference one answer shows. */
const shownCharacters = 8_000

/** What can be done with the policy; each gets the words after its own. */
const acts: Record<string, (parts: SlackParts, asked: Asked) => Promise<Answer>> = {
  async show({ admin }, { words: [typed] }) {
    const found = await admin.policyVersion(readVersion(typed))
    if ('refused' in found) return say(`${found.refused}.`)
    const { version, author, note, created_at, document } = found
    const about = `saved by ${author}${note === null ? '' : `: ${reveal(note)}`}`
    return {
      text: `Policy version ${version}`,
      blocks: [
        richText(line(bold(`Policy version ${version}`), plain(`, ${about}`))),
        { type: 'context', elements: [{ type: 'mrkdwn', text: dateToken(created_at) }] },
        ...preformatted(
          document,
          `countersign policy show ${version}, on the command line, prints all of it.`,
        ),
      ],
    }
  },
  async history({ admin }) {
    const versions = await admin.policyVersions(30)
    const lines = versions.map((version) => line(plain(fit(reveal(versionWords(version)), 300)), plain('\n')))
    return { text: 'The policy’s versions', blocks: [richText(line(bold('The newest first')), ...lines)] }
  },
  async diff({ admin }, { words }) {
    const [a, b] = words.map(readVersion)
    if (!a || !b) return say('Name two versions: /countersign policy diff 2 3')
    const [before, after] = [await admin.policyVersion(a), await admin.policyVersion(b)]
    if ('refused' in before) return say(`${before.refused}.`)
    if ('refused' in after) return say(`${after.refused}.`)
    const { added, removed, lines } = difference(before.document, after.document)
    if (lines.length === 0) return say(`Versions ${a} and ${b} say the same.`)
    const text = `From version ${a} to ${b}: ${added} lines added, ${removed} removed`
    return {
      text,
      blocks: [
        richText(line(bold(text))),
        ...preformatted(
          lines.join('\n'),
          `countersign policy diff ${a} ${b}, on the command line, prints all of it.`,
        ),
      ],
    }
  },
  async edit({ admin }) {
    const newest = await admin.policyVersion(null)
    if ('refused' in newest) return say(`${newest.refused}.`)
    const modal = policyView(newest.document, newest.version)
    if (!modal)
      return say(
        'This document is too long for a form. countersign policy show > policy.yaml, then countersign policy apply policy.yaml --note TEXT, on the command line, does the same.',
      )
    return { ...say(`Version ${newest.version} is open to be edited.`), modal }
  },
  async rollback({ admin, workspace }, { visitor, words: [typed, ...why] }) {
    const version = readVersion(typed)
    if (version === null) return say('Say to which version: /countersign policy rollback 2 [WHY]')
    const newest = await admin.policyVersion(null)
    if ('refused' in newest) return say(`${newest.refused}.`)
    const by = { type: 'human' as const, ...(await workspace.person(visitor.slack_user_id)) }
    const saved = await admin.rollBackPolicy(
      { version, base: newest.version, note: why.join(' ') || null },
      by,
    )
    if ('refused' in saved) return say([`${saved.refused}.`, ...saved.faults.map(faultWords)].join('\n'))
    return say(`Version ${saved.version} counts from now on: it says what version ${version} said.`)
  },
}

const usage = 'Type /countersign policy show [VERSION], history, diff A B, edit, or rollback VERSION [WHY].'

export const policy: Command = {
  usage: '[show | history | diff A B | edit | rollback VERSION]',
  about: 'the policy, its versions and who saved them; change it, or go back',
  admins_only: true,
  async run(parts, { visitor, words: [word = 'show', ...words] }) {
    const act = Object.hasOwn(acts, word.toLowerCase()) ? acts[word.toLowerCase()] : undefined
    return act
      ? act(parts, { visitor, words })
      : say(`There is no “policy ${word}”${didYouMean(word, Object.keys(acts))}. ${usage}`)
  },
}

function preformatted(text: string, more: string): KnownBlock[] {
  const shown = reveal(text).slice(0, shownCharacters)
  const left = reveal(text).length - shown.length
  return [
    richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown }] }),
    ...(left > 0 ? [richText(line(plain(`… ${left} more characters. ${more}`)))] : []),
  ]
}
