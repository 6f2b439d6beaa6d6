import type { KnownBlock } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

/** What happens to a waiting stage if nobody answers, and whether anybody can. */
export function ladderBlocks(approval: Approval): KnownBlock[] {
  const words = [unreachable(approval), next(approval)].filter((text) => text !== null)
  return words.map((text) => ({ type: 'context', elements: [{ type: 'mrkdwn', text }] }))
}

function unreachable({ unreachable }: Approval): string | null {
  return unreachable === null ? null : `⚠ Nobody can decide this right now: ${escapeMrkdwn(unreachable)}`
}

function next({ plan, escalation: { level, next_at } }: Approval): string | null {
  const rung = plan.escalation[level]
  if (!rung || next_at === null) return null
  const when = dateToken(next_at)
  switch (rung.do) {
    case 'escalate':
      return `Moves on to *${rung.to}* ${when}`
    case 'require':
      return `Needs ${rung.approvals} approvals from ${when}`
    case 'remind':
    case 'mention':
      return `Next reminder ${when}`
  }
}
