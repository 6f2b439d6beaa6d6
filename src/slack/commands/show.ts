import { headline } from '../views/headline.ts'
import { showBlocks } from '../views/show.ts'
import { escapeMrkdwn } from '../views/text.ts'
import { namedIn } from '../workspace/workspace.ts'
import { echo, say, type Command } from './command.ts'
import { concerned, concerns } from '../concerns.ts'

export const show: Command = {
  usage: 'ID',
  about: 'one request, with its votes and how it ended',
  admins_only: false,
  most: 1,
  async run(parts, asked) {
    const [id] = asked.words
    if (id === undefined) return say('Say which: /countersign show apr_…')
    const approval = await parts.flow.find(id)
    // The same answer for what is not there and what is not theirs: ids are not to be probed.
    if (!approval || !concerns(await concerned(parts, asked), approval))
      return say(`There is no request ${echo(id)} that concerns you.`)
    const earlier = await parts.flow.earlier(approval)
    const people = await parts.workspace.people(namedIn(approval, earlier))
    return { text: escapeMrkdwn(headline(approval, 300)), blocks: showBlocks(approval, people, earlier) }
  },
}
