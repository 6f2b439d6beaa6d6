import type { Refused } from '../admin/agents.ts'
import type { SlackParts } from './context.ts'
import { nameOf } from './views/people.ts'
import { isPerson } from './views/versions.ts'

type Parts = Pick<SlackParts, 'workspace'>

/** How somebody is called whom a version or a proposal names: by their Slack id, or by a word. */
export async function called({ workspace }: Parts, author: string): Promise<string> {
  if (isPerson(author)) return nameOf(await workspace.people([author]), author)
  return author === 'operator' ? 'an operator' : 'Countersign'
}

/** Why something was not done, with the name of whom it names. */
export async function refusalWords(parts: Parts, { refused, names }: Refused): Promise<string> {
  // A function: in a text, `$&` of a name would be more than itself.
  const name = names === undefined ? null : await called(parts, names)
  return names === undefined || name === null ? refused : refused.replace(names, () => name)
}
