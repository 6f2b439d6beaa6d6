import type { KnownBlock } from '@slack/types'
import { didYouMean } from '../../admin/nearest.ts'
import { bold, code, line, plain, richText } from '../views/text.ts'
import { echo, say, type Act, type Answer, type Command } from './command.ts'

/** Lists the commands that the person may use; `commands` is asked late, because help is one of them. */
export function helpOn(commands: () => Record<string, Command>): Command {
  return {
    usage: '[COMMAND]',
    about: 'what can be typed here; with a command, all that it can do',
    admins_only: false,
    most: 1,
    async run(_parts, { is_admin, words: [about] }) {
      const theirs = Object.entries(commands()).filter(([, { admins_only }]) => is_admin || !admins_only)
      if (about !== undefined) return helpAbout(about.toLowerCase(), Object.fromEntries(theirs))
      const everybody = theirs.filter(([, { admins_only }]) => !admins_only)
      const admins = theirs.filter(([, { admins_only }]) => admins_only)
      return {
        text: 'What can be typed after /countersign',
        blocks: [
          richText(
            line(bold('Countersign'), plain(' stands between what an agent decides and what it does.')),
          ),
          listed(everybody),
          ...(admins.length > 0 ? [richText(line(bold('For admins'))), listed(admins)] : []),
        ],
      }
    },
  }
}

function helpAbout(word: string, theirs: Record<string, Command>): Answer {
  const command = Object.hasOwn(theirs, word) ? theirs[word] : undefined
  if (!command)
    return say(`There is nothing called “${echo(word)}” here${didYouMean(word, Object.keys(theirs))}.`)
  const acts = Object.entries(command.acts ?? {}).map(([act, of]) => [`${word} ${act}`, of] as [string, Act])
  const itself: [string, Act][] =
    acts.length === 0 || command.or_words
      ? [[word, { ...command, usage: command.usage.split(' | ')[0] ?? '' }]]
      : []
  const all = [...itself, ...acts]
  return {
    text: `What can be typed after /countersign ${word}`,
    blocks: [richText(line(bold(`/countersign ${word}`), plain(`: ${command.about}`))), listed(all)],
  }
}

/** A row for each: what is typed, and what it does. */
function listed(all: [string, Act][]): KnownBlock {
  return richText({
    type: 'rich_text_list',
    style: 'bullet',
    elements: all.map(([word, { usage, about }]) =>
      line(code(`/countersign ${[word, usage].filter(Boolean).join(' ')}`), plain(`  ${about}`)),
    ),
  })
}
