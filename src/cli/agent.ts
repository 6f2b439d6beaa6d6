import { useWords, type NewAgent } from '../admin/agents.ts'
import { refused, type Command } from './command.ts'

export const agentAdd: Command = {
  usage: 'agent add NAME --owner SLACK_USER_ID [--environment NAME]',
  about: 'a new agent; prints its key and its callback secret, once',
  options: ['owner', 'environment'],
  words: { least: 1, most: 1 },
  async run({ admin, people }, { words: [name = ''], values: { owner, environment } }) {
    if (typeof owner !== 'string')
      return refused('--owner is missing: the Slack user id of the human who answers for this agent')
    const added = await admin.addAgent(
      { name, owner, environment: String(environment ?? 'production') },
      { type: 'operator' },
      people.lookUp,
    )
    if ('refused' in added) return refused(added.refused)
    return { ok: true, lines: shownOnce(added), json: added }
  },
}

export const agentRotate: Command = {
  usage: 'agent rotate NAME [--overlap DURATION]',
  about:
    'a new key and callback secret; the old ones end after the overlap, 24h where not given, 0 for at once',
  options: ['overlap'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [name = ''], values: { overlap } }) {
    const asked = { name, overlap: typeof overlap === 'string' ? overlap : null }
    const rotated = await admin.rotateAgent(asked, { type: 'operator' })
    if ('refused' in rotated) return refused(rotated.refused)
    const until = rotated.old_until.toISOString()
    return { ok: true, lines: [...shownOnce(rotated), `The old ones end at ${until}.`], json: rotated }
  },
}

export const agentDisable: Command = {
  usage: 'agent disable NAME [--reason TEXT]',
  about: 'its requests are refused from now on, and what it waits for is cancelled',
  options: ['reason'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [name = ''], values: { reason } }) {
    const asked = { name, reason: typeof reason === 'string' ? reason : null }
    const disabled = await admin.disableAgent(asked, { type: 'operator' })
    if ('refused' in disabled) return refused(disabled.refused)
    return { ok: true, lines: [`${name} is disabled; what it waits for is being cancelled.`], json: disabled }
  },
}

export const agentEnable: Command = {
  usage: 'agent enable NAME',
  about: 'lets a disabled agent ask again',
  options: [],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [name = ''] }) {
    const enabled = await admin.enableAgent({ name }, { type: 'operator' })
    if ('refused' in enabled) return refused(enabled.refused)
    return { ok: true, lines: [`${name} can ask again.`], json: enabled }
  },
}

export const agentList: Command = {
  usage: 'agent list',
  about: 'all agents, with when they were last seen and what came of their requests',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const agents = await admin.agents()
    const lines = agents.map(
      (agent) =>
        `${agent.name}  owner ${agent.owner}  ${agent.environment}  ${agent.last_seen_at ? `seen ${agent.last_seen_at.toISOString()}  ` : ''}${useWords(agent)}${agent.disabled_at ? '  disabled' : ''}`,
    )
    return { ok: true, lines: lines.length > 0 ? lines : ['There are no agents yet.'], json: agents }
  },
}

function shownOnce({ name, api_key, callback_secret }: NewAgent): string[] {
  return [
    `Agent ${name}. These are shown once:`,
    `  API key          ${api_key}`,
    `  callback secret  ${callback_secret}`,
  ]
}
