import type { KnownBlock } from '@slack/types'
import { isTerminal } from '../../approval/approval.ts'
import { shown, type RawApproval, type ShownApproval } from '../../approval/shown.ts'
import { sha256Hex } from '../../platform/ids.ts'
import type { Rendered } from '../posts.ts'
import { foot } from './buttons.ts'
import { editedBlocks } from './edited.ts'
import { factLines, riskLine, ruleLine } from './facts.ts'
import { enough, fitting } from './fitting.ts'
import { headline } from './headline.ts'
import { fit, limits } from './limits.ts'
import { nameOf, type People } from './people.ts'
import { requestBlocks } from './request.ts'
import { retryBlocks } from './retry.ts'
import { earlierLines, laterLines, statusLines, voteLines } from './status.ts'
import { signLines } from './signs.ts'
import { dateToken, escapeMrkdwn, line, plain, richText } from './text.ts'
import { timeBlocks } from './time.ts'

const cardEvent = 'countersign_approval'

/**
 * The card of one stage of an approval, as the committed row says it should look: a pure function, so that posting,
 * updating, repairing and repeating are all the same. One layout for every state: what it is about, where it stands, how
 * bad it could be; what exactly would be done; who decides, until when; what can be clicked.
 *
 * @param mention whom it pings while it waits, as mrkdwn
 * @param earlier the request that this one is another attempt of, if there is one
 */
export function card(
  approval: RawApproval,
  stage: number,
  people: People,
  mention: string | null,
  earlier: RawApproval | null = null,
): Rendered {
  const state = approval.stages[stage]
  if (!state) throw new Error(`${approval.id} has no stage ${stage}`)
  const waiting = !isTerminal(approval) && state.status === 'open'
  const seen = shown(approval, enough)
  const blocks = fitting((room) => [
    { type: 'header', text: { type: 'plain_text', text: headline(approval, limits.header), emoji: false } },
    richText(
      ...statusLines(seen, stage, people, room),
      ...(waiting ? signLines(seen, people, room) : []),
      riskLine(seen),
    ),
    richText(...factLines(seen, people)),
    ...editedBlocks(approval, seen, people, room),
    ...retryBlocks(approval, earlier, people, room),
    ...requestBlocks(seen, room),
    { type: 'divider' },
    richText(
      ruleLine(seen),
      ...earlierLines(seen, stage, people),
      ...voteLines(seen, state, people, room),
      ...laterLines(seen, stage),
    ),
    ...(waiting ? asksToRead(seen) : []),
    ...timeBlocks(approval),
    ...(waiting && mention !== null
      ? [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: mention } }]
      : []),
    ...foot(approval, stage),
  ])
  return {
    text: fallback(approval, seen, people),
    // A new id for each new content: Slack keeps what it drew for a block whose id it knows.
    blocks: blocks.map((block, index) => ({
      ...block,
      block_id: `${index}.${sha256Hex(JSON.stringify(block)).slice(0, 16)}`,
    })),
    metadata: { event_type: cardEvent, event_payload: { approval_id: approval.id, stage } },
  }
}

function asksToRead({ plan }: ShownApproval): KnownBlock[] {
  if (!plan.require_details_opened) return []
  return [
    richText(line(plain('📖 Approve counts only after you have opened Details: the rule asks for it.'))),
  ]
}

/** One sentence for a notification. It is mrkdwn, so that what the agent wrote is escaped. */
function fallback(approval: RawApproval, { agent }: ShownApproval, people: People): string {
  const what = escapeMrkdwn(headline(approval, 200))
  const name = escapeMrkdwn(agent.name)
  return fit(sentence(approval, what, name, people), limits.fallback_text)
}

function sentence(approval: RawApproval, what: string, agent: string, people: People): string {
  const { decision, withdrawn, freeze, risk, status } = approval
  if (withdrawn) return `Withdrawn, it may not run any more: ${what} (asked by ${agent})`
  if (!decision && freeze) return `Frozen: ${what} (asked by ${agent})`
  if (!decision)
    return `${agent} asks for approval: ${what} (${risk} risk, until ${dateToken(approval.expires_at)})`
  const who =
    decision.by.type === 'human' ? ` by ${escapeMrkdwn(nameOf(people, decision.by.slack_user_id))}` : ''
  return `${status[0]!.toUpperCase()}${status.slice(1)}${who}: ${what} (asked by ${agent})`
}
