import type { KnownBlock, RichTextSection } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import type { Change } from '../../approval/difference.ts'
import { changesOf } from '../../approval/effective.ts'
import { counted, fit } from './limits.ts'
import { person, type People } from './people.ts'
import { bold, line, plain, reveal, richText } from './text.ts'

/** More changes than that are counted on a line of a thread, and not told. */
const mostTold = 5

/** Before and after of all that was edited, and who edited it last; nothing where nobody did. */
export function editedBlocks(approval: Approval, people: People, room: number): KnownBlock[] {
  const { edited } = approval
  if (edited === null) return []
  const changes = changesOf(approval)
  const note = edited.note === null ? [] : [plain(`: “${fit(reveal(edited.note), 500)}”`)]
  const who: RichTextSection = line(
    bold('✏ Edited'),
    plain(' by '),
    person(people, edited.by.slack_user_id),
    ...note,
  )
  if (changes.length === 0) return [richText(who, line(plain('It is again what the agent asked for.')))]
  return [
    richText(who),
    richText({
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: counted(changes.map(shown).join('\n'), room) }],
    }),
  ]
}

function shown({ path, from, to }: Change): string {
  return [
    reveal(path),
    ...(from === undefined ? [] : [`- ${written(from)}`]),
    ...(to === undefined ? [] : [`+ ${written(to)}`]),
  ].join('\n')
}

/** The same for a line of text. */
export function changesInWords(changes: readonly Change[]): string {
  const told = changes.slice(0, mostTold).map(({ path, from, to }) => {
    const value = (one: Change['to']) => fit(written(one ?? null), 80)
    if (from === undefined) return `${reveal(path)} added: ${value(to)}`
    return `${reveal(path)} ${value(from)} → ${to === undefined ? 'left out' : value(to)}`
  })
  const more = changes.length - told.length
  return `${told.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

function written(value: Change['to']): string {
  return reveal(JSON.stringify(value))
}
