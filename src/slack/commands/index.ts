import { didYouMean } from '../../admin/nearest.ts'
import type { SlackParts } from '../context.ts'
import type { Visitor } from '../workspace/workspace.ts'
import { agent } from './agent.ts'
import { audit } from './audit.ts'
import { say, type Answer, type Command } from './command.ts'
import { freeze, unfreeze } from './freeze.ts'
import { helpOn } from './help.ts'
import { policy } from './policy.ts'
import { pending } from './pending.ts'
import { redeliver } from './redeliver.ts'
import { show } from './show.ts'

/** Everything that can be typed after `/countersign`. */
export const commands: Record<string, Command> = {
  help: helpOn(() => commands),
  pending,
  show,
  redeliver,
  audit,
  policy,
  agent,
  freeze,
  unfreeze,
}

/** Runs what was typed. What this person may not do is answered like what does not exist. */
export async function runCommand(parts: SlackParts, visitor: Visitor, typed: string): Promise<Answer> {
  const [word = 'help', ...words] = typed.trim().split(/\s+/).filter(Boolean)
  const is_admin = await parts.workspace.isAdmin(visitor)
  const known = Object.hasOwn(commands, word.toLowerCase()) ? commands[word.toLowerCase()] : undefined
  if (!known || (known.admins_only && !is_admin)) {
    const theirs = Object.entries(commands).flatMap(([name, { admins_only }]) =>
      is_admin || !admins_only ? [name] : [],
    )
    return say(
      `There is nothing called “${word}” here${didYouMean(word, theirs)}. /countersign help says what there is.`,
    )
  }
  return known.run(parts, { visitor, is_admin, words })
}
