import type { KnownBlock } from '@slack/types'
import { fit, limits } from '../views/limits.ts'
import { richText } from '../views/text.ts'
import { say, type Command } from './command.ts'

export const audit: Command = {
  usage: 'ID',
  about: 'the whole story of one request',
  admins_only: true,
  async run({ audit }, { words: [id] }) {
    if (id === undefined) return say('Say which: /countersign audit apr_…')
    const story = await audit.story(id)
    if (story.length === 0) return say(`There is no request ${id}.`)
    const { told, left } = whatFits(story)
    const block: KnownBlock = richText({
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: told.join('\n') }],
    })
    const more =
      left > 0
        ? say(`${left} more events: countersign audit ${id}, on the command line, prints them all.`).blocks
        : []
    return { text: `The story of ${id}`, blocks: [block, ...(more ?? [])] }
  },
}

/** The first lines that fit into one message, each cut to a bearable length. */
function whatFits(story: string[]): { told: string[]; left: number } {
  const told: string[] = []
  let room = limits.message_characters - 1_000
  for (const event of story) {
    const line = fit(event, 1_500)
    room -= line.length + 1
    if (room < 0) break
    told.push(line)
  }
  return { told, left: story.length - told.length }
}
