import type { KnownBlock } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import { didYouMean } from '../../admin/nearest.ts'
import { useWords, type ListedAgent, type NewAgent } from '../../admin/agents.ts'
import type { By } from '../../admin/index.ts'
import type { SlackParts } from '../context.ts'
import { bold, code, dateToken, line, plain, richText } from '../views/text.ts'
import { say, type Answer, type Asked, type Command } from './command.ts'

/** What can be done with agents; each gets the words after its own. */
const acts: Record<string, (parts: SlackParts, words: string[], by: By) => Promise<Answer>> = {
  async list({ admin }) {
    const agents = await admin.agents()
    if (agents.length === 0)
      return say('There are no agents yet. /countersign agent add NAME @owner makes one.')
    const title = `${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}`
    const shown = agents.slice(0, listed)
    const more = agents.length - shown.length
    return {
      text: title,
      blocks: [
        richText(line(bold(title))),
        ...shown.flatMap(row),
        ...(more > 0
          ? [richText(line(plain(`… and ${more} more: countersign agent list, on the command line`)))]
          : []),
      ],
    }
  },
  async add({ admin }, [name = '', owner = '', environment = 'production'], by) {
    const added = await admin.addAgent({ name, owner: userIn(owner), environment }, by)
    return 'refused' in added
      ? say(`${added.refused}. ${usage}`)
      : shownOnce(added, `${added.name} can ask now. These are shown once: keep them where secrets are kept.`)
  },
  async rotate({ admin }, [name = '', overlap = null], by) {
    const rotated = await admin.rotateAgent({ name, overlap }, by)
    if ('refused' in rotated) return say(`${rotated.refused}. ${usage}`)
    return shownOnce(
      rotated,
      `New secrets of ${name}, shown once. The old ones end at ${rotated.old_until.toISOString()}.`,
    )
  },
  async disable({ admin }, [name = '', ...reason], by) {
    const disabled = await admin.disableAgent({ name, reason: reason.join(' ') || null }, by)
    return say(
      'refused' in disabled
        ? `${disabled.refused}.`
        : `${name} is disabled: its requests are refused from now on, and what it waits for is cancelled.`,
    )
  },
  async enable({ admin }, [name = ''], by) {
    const enabled = await admin.enableAgent({ name }, by)
    return say('refused' in enabled ? `${enabled.refused}.` : `${name} can ask again.`)
  },
}

const usage =
  'Type /countersign agent list, add NAME @owner [ENVIRONMENT], rotate NAME [OVERLAP], disable NAME [REASON], or enable NAME.'

/** How many agents one answer has room for: two blocks each, of the 50 that Slack takes. */
const listed = 20

export const agent: Command = {
  usage: '[list | add NAME @owner | rotate NAME | disable NAME | enable NAME]',
  about: 'the agents: who owns them, when they were last seen, what came of their requests',
  admins_only: true,
  async run(parts, { visitor, words: [word = 'list', ...words] }: Asked) {
    const act = Object.hasOwn(acts, word.toLowerCase()) ? acts[word.toLowerCase()] : undefined
    if (!act) return say(`There is no “agent ${word}”${didYouMean(word, Object.keys(acts))}. ${usage}`)
    return act(parts, words, { type: 'human', ...(await parts.workspace.person(visitor.slack_user_id)) })
  },
}

/** Slack sends a mention as `<@U012|name>` where the command's settings say so; an id may be typed as well. */
function userIn(typed: string): string {
  return /^<@([UW][A-Z0-9_]+)(\|[^>]*)?>$/.exec(typed)?.[1] ?? typed
}

function row(listed: ListedAgent): KnownBlock[] {
  const { name, owner, environment, disabled_at, last_seen_at } = listed
  const seen = last_seen_at === null ? '' : `, last seen ${dateToken(last_seen_at)}`
  return [
    richText(
      line(
        bold(name),
        plain('  '),
        code(reveal(environment)),
        plain('  owned by '),
        { type: 'user', user_id: owner },
        ...(disabled_at === null ? [] : [plain('  '), bold('disabled')]),
      ),
    ),
    { type: 'context', elements: [{ type: 'mrkdwn', text: `${useWords(listed)}${seen}` }] },
  ]
}

function shownOnce({ api_key, callback_secret }: NewAgent, text: string): Answer {
  const secret = (label: string, value: string) => line(bold(`${label}  `), code(value))
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text, emoji: false } },
      richText(secret('API key', api_key), line(plain('\n')), secret('Callback secret', callback_secret)),
    ],
  }
}
