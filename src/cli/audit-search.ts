import type { AnyEvent, Searched } from '../audit/index.ts'
import { refused, type Command } from './command.ts'

const usually = 100
const most = 1_000

export const auditSearch: Command = {
  usage:
    'audit search [--person ID] [--agent NAME] [--tool TOOL] [--subject [TYPE:]ID] [--since WHEN] [--until WHEN] [--limit N]',
  about: `what happened, of all requests, the newest first: ${usually} events, or up to ${most.toLocaleString('en')}`,
  options: ['person', 'agent', 'tool', 'subject', 'since', 'until', 'limit'],
  words: { least: 0, most: 0 },
  async run({ audit }, { values }) {
    const typed = (name: keyof Searched) => {
      const value = values[name]
      return typeof value === 'string' ? value : null
    }
    const limit = Number(values['limit'] ?? usually)
    if (!Number.isInteger(limit) || limit < 1 || limit > most)
      return refused(`The limit is a number from 1 to ${most.toLocaleString('en')}`)
    const found = await audit.search(
      {
        person: typed('person'),
        agent: typed('agent'),
        tool: typed('tool'),
        subject: typed('subject'),
        since: typed('since'),
        until: typed('until'),
      },
      limit,
    )
    if ('refused' in found) return refused(found.refused)
    const { events, lines, more, bounded } = found
    const left = more
      ? [`There are more: --until ${onwards(events)} goes on from here, --limit shows more at once.`]
      : bounded
        ? ['Only the newest were looked through: --until looks further back.']
        : []
    return {
      ok: true,
      lines: [...(lines.length > 0 ? lines : ['Nothing was found.']), ...left],
      json: events,
    }
  },
}

/** Until when to search for those that come after these. A millisecond later than the last, for what happened in the same one. */
function onwards(events: AnyEvent[]): string {
  const last = events.at(-1)
  return last ? new Date(Date.parse(last.at) + 1).toISOString() : ''
}
