import type { KnownBlock } from '@slack/types'
import { useWords, type ListedAgent, type NewAgent } from '../../admin/agents.ts'
import { reveal } from '../../approval/reveal.ts'
import { bold, code, dateToken, line, plain, richText } from '../views/text.ts'
import { written, type Sentence } from '../../admin/sentence.ts'
import { listUnder } from '../views/sentences.ts'
import { freeText, say, typedBy, userIn, type Act, type Answer, type Command } from './command.ts'

const list: Act = {
  usage: '',
  most: 0,
  about: 'all agents: who owns them, when they were last seen, what came of their requests',
  async run({ admin }) {
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
}

const add: Act = {
  usage: 'NAME @owner [ENVIRONMENT]',
  about: 'a new agent; its key and its callback secret are shown to you, once',
  options: ['owner', 'environment'],
  most: 3,
  async run(parts, asked) {
    const { values, words } = asked
    const [name = '', ...rest] = words
    const owner = values.owner ?? rest.shift() ?? ''
    const environment = freeText(values.environment, rest) ?? 'production'
    const added = await parts.admin.addAgent(
      { name, owner: userIn(owner), environment },
      await typedBy(parts, asked),
      parts.workspace.lookUp,
    )
    return 'refused' in added
      ? say(`${added.refused}. Type /countersign agent add NAME @owner [ENVIRONMENT].`)
      : shownOnce(added, [
          `${added.name} can ask now. These are shown once: keep them where secrets are kept.`,
        ])
  },
}

const rotate: Act = {
  usage: 'NAME [OVERLAP]',
  about:
    'a new key and callback secret, shown once; the old ones are good for 24h more, or the overlap, or 0',
  options: ['overlap'],
  most: 2,
  async run(parts, asked) {
    const [name = '', typed = null] = asked.words
    const overlap = asked.values.overlap ?? typed
    const rotated = await parts.admin.rotateAgent({ name, overlap }, await typedBy(parts, asked))
    if ('refused' in rotated)
      return say(`${rotated.refused}. Type /countersign agent rotate NAME [OVERLAP], such as 2h.`)
    return shownOnce(rotated, [
      `New secrets of ${name}, shown once. The old ones end `,
      rotated.old_until,
      '.',
    ])
  },
}

const disable: Act = {
  usage: 'NAME [REASON]',
  about: 'its requests are refused from now on, and what it waits for is cancelled',
  options: ['reason'],
  async run(parts, asked) {
    const [name = '', ...why] = asked.words
    const reason = freeText(asked.values.reason, why)
    const disabled = await parts.admin.disableAgent({ name, reason }, await typedBy(parts, asked))
    return say(
      'refused' in disabled
        ? `${disabled.refused}.`
        : `${name} is disabled: its requests are refused from now on, and what it waits for is cancelled.`,
    )
  },
}

const enable: Act = {
  usage: 'NAME',
  about: 'lets a disabled agent ask again',
  most: 1,
  async run(parts, asked) {
    const [name = ''] = asked.words
    const enabled = await parts.admin.enableAgent({ name }, await typedBy(parts, asked))
    return say('refused' in enabled ? `${enabled.refused}.` : `${name} can ask again.`)
  },
}

/** How many agents one answer has room for: two blocks each, of the 50 that Slack takes. */
const listed = 20

export const agent: Command = {
  usage: '[list | add | rotate | disable | enable]',
  about: 'the agents: who owns them, when they were last seen, what came of their requests',
  admins_only: true,
  acts: { list, add, rotate, disable, enable },
  run: list.run,
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

function shownOnce({ api_key, callback_secret }: NewAgent, text: Sentence): Answer {
  const secret = (label: string, value: string) => richText(line(bold(`${label}  `), code(value)))
  return {
    text: written(text),
    blocks: [listUnder(text, []), secret('API key', api_key), secret('Callback secret', callback_secret)],
  }
}
