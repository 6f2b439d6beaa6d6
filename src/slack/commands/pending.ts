import type { KnownBlock } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import type { Approval } from '../../approval/approval.ts'
import { openStage, votingRoles } from '../../approval/approval.ts'
import { headline } from '../views/headline.ts'
import { bold, code, dateToken, line, plain, richText } from '../views/text.ts'
import { say, type Command } from './command.ts'
import { concerned } from '../concerns.ts'

const listed = 20

export const pending: Command = {
  usage: '',
  about: 'what waits for a decision and concerns you, the nearest deadline first',
  admins_only: false,
  most: 0,
  async run(parts, asked) {
    const { approvals, count } = await parts.flow.pending(await concerned(parts, asked), listed)
    if (count === 0) return say('Nothing that concerns you is waiting for a decision.')
    const more = count - approvals.length
    const title = `${count === 1 ? '1 request waits' : `${count} requests wait`} for a decision`
    const blocks: KnownBlock[] = [richText(line(bold(title))), ...approvals.flatMap(row)]
    if (more > 0) blocks.push(richText(line(plain(`… and ${more} more`))))
    return { text: title, blocks }
  },
}

function row(approval: Approval): KnownBlock[] {
  const stage = approval.stages[openStage(approval) ?? 0]
  const roles = stage ? votingRoles(stage).join(' or ') : 'nobody'
  return [
    richText(
      line(
        bold(headline(approval, 150)),
        plain('\n'),
        code(approval.id),
        plain(`  ${reveal(approval.agent.name)}, waiting for ${roles}`),
      ),
    ),
    { type: 'context', elements: [{ type: 'mrkdwn', text: `ends ${dateToken(approval.expires_at)}` }] },
  ]
}
