import type { KnownBlock } from '@slack/types'
import { fit, limits } from '../views/limits.ts'
import { richText } from '../views/text.ts'
import { echo, say, userIn, type Act, type Answer, type Command } from './command.ts'

/** Events in one answer, at most; fewer where they are long. */
const listed = 40

const search: Act = {
  usage: '[--person @somebody] [--agent NAME] [--tool TOOL] [--subject ID] [--since 7d] [--until 1d]',
  about: 'what happened, of all requests, the newest first; times are days, or how long ago',
  options: ['person', 'agent', 'tool', 'subject', 'since', 'until'],
  async run({ audit }, { words: [word], values }) {
    if (word !== undefined)
      return say(
        `“${echo(word)}” is not said to be anything: --person, --agent, --tool, --subject, --since or --until goes before it.`,
      )
    const { person, agent = null, tool = null, subject = null, since = null, until = null } = values
    const by = { person: person === undefined ? null : userIn(person), agent, tool, subject, since, until }
    const found = await audit.search(by, listed)
    if ('refused' in found) return say(`${found.refused}.`)
    const asked = Object.entries(values)
      .map(([name, value]) => ` --${name} ${value}`)
      .join('')
    const onShell = 'countersign audit search, on the command line, shows up to a thousand at once'
    if (found.lines.length === 0)
      return say(
        `Nothing was found${asked === '' ? '' : ` for${asked}`}.${found.bounded ? ' Only the newest requests were looked through: --until looks further back.' : ''}`,
      )
    const { told, left } = whatFits(found.lines, 400)
    const more =
      left > 0 || found.more
        ? `There are more: --since and --until narrow it, and ${onShell}.`
        : found.bounded
          ? 'Only the newest requests were looked through: --until looks further back.'
          : null
    return asText(`Found in the audit${asked}`, told, more)
  },
}

export const audit: Command = {
  usage: 'ID | search',
  about: 'the whole story of one request; or what happened, by person, agent, tool, subject and time',
  admins_only: true,
  most: 1,
  acts: { search },
  or_words: true,
  async run({ audit }, { words: [id] }) {
    if (id === undefined) return say('Say which: /countersign audit apr_…')
    const story = await audit.story(id)
    if (story.length === 0) return say(`There is no request ${echo(id)}.`)
    const { told, left } = whatFits(story, 1_500)
    const more =
      left > 0
        ? `${left === 1 ? '1 more event' : `${left} more events`}: countersign audit ${id}, on the command line, prints them all.`
        : null
    return asText(`The story of ${id}`, told, more)
  },
}

/** Lines as they are, in a box in which nothing is parsed. */
function asText(text: string, lines: string[], more: string | null): Answer {
  const block: KnownBlock = richText({
    type: 'rich_text_preformatted',
    elements: [{ type: 'text', text: lines.join('\n') }],
  })
  return { text, blocks: [block, ...(more === null ? [] : (say(more).blocks ?? []))] }
}

/** The first lines that fit into one message, each cut to a bearable length. */
function whatFits(lines: string[], longest: number): { told: string[]; left: number } {
  const told: string[] = []
  let room = limits.message_characters - 1_000
  for (const each of lines) {
    const line = fit(each, longest)
    room -= line.length + 1
    if (room < 0) break
    told.push(line)
  }
  return { told, left: lines.length - told.length }
}
