import { refused, type Command } from './command.ts'

export const agentAdd: Command = {
  usage: 'agent add NAME --owner SLACK_USER_ID [--environment NAME]',
  about: 'a new agent; prints its key and its callback secret, once',
  options: ['owner', 'environment'],
  words: { least: 1, most: 1 },
  async run({ admin }, { words: [name = ''], values: { owner, environment } }) {
    if (typeof owner !== 'string')
      return refused('--owner is missing: the Slack user id of the human who answers for this agent')
    const added = await admin.addAgent(
      { name, owner, environment: String(environment ?? 'production') },
      { type: 'operator' },
    )
    if ('refused' in added) return refused(added.refused)
    const lines = [
      `Agent ${added.name}. These are shown once:`,
      `  API key          ${added.api_key}`,
      `  callback secret  ${added.callback_secret}`,
    ]
    return { ok: true, lines, json: added }
  },
}

export const agentList: Command = {
  usage: 'agent list',
  about: 'all agents',
  options: [],
  words: { least: 0, most: 0 },
  async run({ admin }) {
    const agents = await admin.agents()
    const lines = agents.map(
      (agent) =>
        `${agent.name}  owner ${agent.owner}  ${agent.environment}${agent.disabled_at ? '  disabled' : ''}`,
    )
    return { ok: true, lines: lines.length > 0 ? lines : ['There are no agents yet.'], json: agents }
  },
}
