import { didYouMean } from '../../admin/nearest.ts'
import type { SlackParts } from '../context.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { agent } from './agent.ts'
import { audit } from './audit.ts'
import { echo, say, type Act, type Answer, type Asked, type Command } from './command.ts'
import { freeze, unfreeze } from './freeze.ts'
import { helpOn } from './help.ts'
import { readOptions } from './options.ts'
import { metrics } from './metrics.ts'
import { pending } from './pending.ts'
import { policy } from './policy/index.ts'
import { redeliver } from './redeliver.ts'
import { show } from './show.ts'

/** Everything that can be typed after `/countersign`. */
export const commands: Record<string, Command> = {
  help: helpOn(() => commands),
  pending,
  show,
  redeliver,
  audit,
  metrics,
  policy,
  agent,
  freeze,
  unfreeze,
}

/** Runs what was typed. What this person may not do is answered like what does not exist. */
export async function runCommand(parts: SlackParts, visitor: Visitor, typed: string): Promise<Answer> {
  const is_admin = await parts.workspace.isAdmin(visitor)
  const { word = 'help', rest } = firstWord(typed)
  const theirs = Object.fromEntries(
    Object.entries(commands).filter(([, { admins_only }]) => is_admin || !admins_only),
  )
  const command = named(theirs, word)
  if (!command)
    return say(
      `There is nothing called “${echo(word)}” here${didYouMean(word, Object.keys(theirs))}. /countersign help says what there is.`,
    )
  const who = { visitor, is_admin }
  const { acts } = command
  if (!acts) return carryOut(parts, command, word, { ...who, text: rest })
  const { word: second = '', rest: after } = firstWord(rest)
  if (second === '') return carryOut(parts, command, word, { ...who, text: '' })
  const act = named(acts, second)
  if (act) return carryOut(parts, act, `${word} ${second}`, { ...who, text: after })
  const nearest = didYouMean(second, Object.keys(acts))
  if (command.or_words && nearest === '') return carryOut(parts, command, word, { ...who, text: rest })
  return say(
    `There is no “${word} ${echo(second)}”${nearest}. After /countersign ${word} there are ${Object.keys(acts).join(', ')}; /countersign help ${word} says what each does.`,
  )
}

async function carryOut(
  parts: SlackParts,
  act: Act,
  name: string,
  asked: Omit<Asked, 'words' | 'values'>,
): Promise<Answer> {
  const words = asked.text.split(/\s+/).filter(Boolean)
  if (act.verbatim) return act.run(parts, { ...asked, words, values: {} })
  const usage = `/countersign ${[name, act.usage].filter(Boolean).join(' ')}`
  const typed = readOptions(words, { ...act, usage })
  if ('wrong' in typed) return say(`${typed.wrong}.`)
  const extra = typed.words[act.most ?? typed.words.length]
  if (extra !== undefined) return say(`“${echo(extra)}” is too much. Type ${usage}.`)
  return act.run(parts, { ...asked, ...typed })
}

/** Case counts for nothing: phones begin with a capital. */
function named<T>(all: Record<string, T>, word: string): T | undefined {
  return Object.hasOwn(all, word.toLowerCase()) ? all[word.toLowerCase()] : undefined
}

function firstWord(typed: string): { word?: string; rest: string } {
  const [, word, rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(typed) ?? []
  return word === undefined ? { rest: '' } : { word, rest: rest.trimEnd() }
}
