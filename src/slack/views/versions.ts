import type { RichTextElement } from '@slack/types'
import type { VersionHead } from '../../admin/policy/versions.ts'
import { reveal } from '../../approval/reveal.ts'
import { fit } from './limits.ts'
import { person, type People } from './people.ts'
import { bold, date, plain } from './text.ts'

/** Who saved a version, when and why, in a line. */
export function versionLine(head: VersionHead, people: People): RichTextElement[] {
  const { version, author, note, created_at, confirmed_by } = head
  return [
    bold(`Version ${version}`),
    plain(', '),
    date(created_at),
    plain(', by '),
    authorOf(author, people),
    ...(confirmed_by === null ? [] : [plain(', confirmed by '), authorOf(confirmed_by, people)]),
    ...(note === null ? [] : [plain(`: ${fit(reveal(note), 300)}`)]),
  ]
}

/** Everybody that versions name. */
export function authorsOf(heads: VersionHead[]): string[] {
  return heads.flatMap(({ author, confirmed_by }) => [author, confirmed_by ?? author]).filter(isPerson)
}

/** Somebody with a link to their profile where they are in Slack, else what they are. */
function authorOf(author: string, people: People): RichTextElement {
  if (isPerson(author)) return person(people, author)
  return plain(author === 'operator' ? 'an operator' : 'Countersign')
}

/** Versions and proposals name people by their Slack id, and operators and the program itself by a word. */
export function isPerson(author: string): boolean {
  return /^[UW][A-Z0-9_]+$/.test(author)
}
