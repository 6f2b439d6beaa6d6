import { readAsked } from '../../metrics/index.ts'
import { figuresBlocks } from '../views/figures.ts'
import { say, type Command } from './command.ts'

export const metrics: Command = {
  usage: '[7d|30d|…] [by role|agent|tool]',
  about: 'what oversight did and cost, with the change to the time before; charts come in a message',
  admins_only: true,
  async run({ metrics }, { visitor, words }) {
    const asked = readAsked(words)
    if ('wrong' in asked) return say(`${asked.wrong}.`)
    const report = await metrics.report({ ...asked, agent: null })
    await metrics.order({ to: visitor.slack_user_id, ...asked })
    const blocks = figuresBlocks(report, asked.words)
    const charts = 'The same with charts comes to your messages with Countersign.'
    return {
      text: `Oversight in the last ${asked.words}`,
      blocks: [
        ...blocks,
        { type: 'context', elements: [{ type: 'plain_text', text: charts, emoji: false }] },
      ],
    }
  },
}
