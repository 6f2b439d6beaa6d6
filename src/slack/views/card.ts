import { reveal } from '../../approval/reveal.ts'
import { isTerminal, type Approval } from '../../approval/approval.ts'
import { sha256Hex } from '../../platform/ids.ts'
import type { Rendered } from '../posts.ts'
import { foot } from './buttons.ts'
import { fitting } from './fitting.ts'
import { ladderBlocks } from './ladder.ts'
import { fit, limits } from './limits.ts'
import { nameOf, type People } from './people.ts'
import { headline, requestBlocks } from './request.ts'
import { endingBlocks, stageBlocks } from './status.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

const cardEvent = 'countersign_approval'

/**
 * The card of one stage of an approval, as the committed row says it should look: a pure function, so that posting,
 * updating, repairing and repeating are all the same.
 */
export function card(approval: Approval, stage: number, people: People, mention: string | null): Rendered {
  const state = approval.stages[stage]
  if (!state) throw new Error(`${approval.id} has no stage ${stage}`)
  const waiting = !isTerminal(approval) && state.status === 'open'
  const blocks = fitting((room) => [
    ...requestBlocks(approval, people, room),
    { type: 'divider' },
    ...stageBlocks(approval, state, stage, people),
    ...endingBlocks(approval, people),
    ...(waiting && approval.freeze === null ? ladderBlocks(approval) : []),
    ...(waiting && mention !== null
      ? [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: mention } }]
      : []),
    ...foot(approval, stage),
  ])
  return {
    text: fallback(approval, people),
    // A new id for each new content: Slack keeps what it drew for a block whose id it knows.
    blocks: blocks.map((block, index) => ({
      ...block,
      block_id: `${index}.${sha256Hex(JSON.stringify(block)).slice(0, 16)}`,
    })),
    metadata: { event_type: cardEvent, event_payload: { approval_id: approval.id, stage } },
  }
}

/** One sentence for a notification. It is mrkdwn, so that what the agent wrote is escaped. */
function fallback(approval: Approval, people: People): string {
  const what = escapeMrkdwn(headline(approval, 200))
  const agent = escapeMrkdwn(reveal(approval.agent.name))
  const { decision, withdrawn, freeze } = approval
  if (withdrawn)
    return fit(`Withdrawn, it may not run any more: ${what} (asked by ${agent})`, limits.fallback_text)
  if (!decision && freeze) return fit(`Frozen: ${what} (asked by ${agent})`, limits.fallback_text)
  if (!decision)
    return fit(
      `${agent} asks for approval: ${what} (${approval.risk} risk, until ${dateToken(approval.expires_at)})`,
      limits.fallback_text,
    )
  const who =
    decision.by.type === 'human' ? ` by ${escapeMrkdwn(nameOf(people, decision.by.slack_user_id))}` : ''
  return fit(
    `${approval.status[0]!.toUpperCase()}${approval.status.slice(1)}${who}: ${what} (asked by ${agent})`,
    limits.fallback_text,
  )
}
