import { didYouMean } from '../../admin/nearest.ts'
import type { Act } from './command.ts'

/** What was typed, taken apart; or what is wrong with it, in words. */
export type Typed = { words: string[]; values: Record<string, string | undefined> } | { wrong: string }

/** Phones make one dash of two. */
const dashes = /^(--|—|–)(?=\p{L})/u

/**
 * Tells options from words. The text of an option goes on to the next option or to the end, as nobody puts quotes around a
 * reason in a chat: `rollback 2 --note it was too strict`. What begins with dashes and is near to no option is a word like
 * any other: a reason may quote a command.
 */
export function readOptions(words: readonly string[], { options = [], flags = [], usage }: Act): Typed {
  const plain: string[] = []
  const values: Record<string, string | undefined> = {}
  const known = [...options, ...flags]
  let into: string | null = null
  for (const word of words) {
    const [name = '', ...rest] = word.replace(dashes, '').split('=')
    const isDashed = dashes.test(word)
    if (isDashed && known.includes(name)) {
      into = flags.includes(name) ? null : name
      values[name] = flags.includes(name) ? 'yes' : rest.join('=')
      continue
    }
    const nearest = isDashed
      ? didYouMean(
          `--${name}`,
          known.map((each) => `--${each}`),
        )
      : ''
    if (nearest !== '') return { wrong: `There is no option --${name} here${nearest}. Type ${usage}` }
    if (into === null) plain.push(word)
    else values[into] = [values[into], word].filter(Boolean).join(' ')
  }
  const empty = options.find((name) => values[name] === '')
  return empty === undefined ? { words: plain, values } : { wrong: `--${empty} is followed by nothing` }
}
