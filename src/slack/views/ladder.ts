import type { KnownBlock } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import { nextRung } from '../../approval/ladder.ts'
import { dateToken, escapeMrkdwn } from './text.ts'

/** What happens to a waiting stage if nobody answers, and whether anybody can. */
export function ladderBlocks(approval: Approval): KnownBlock[] {
  const words = [unreachable(approval), next(approval)].filter((text) => text !== null)
  return words.map((text) => ({ type: 'context', elements: [{ type: 'mrkdwn', text }] }))
}

function unreachable({ unreachable }: Approval): string | null {
  return unreachable === null ? null : `⚠ Nobody can decide this right now: ${escapeMrkdwn(unreachable)}`
}

function next(approval: Approval): string | null {
  const ahead = nextRung(approval)
  if (!ahead) return null
  const { rung } = ahead
  const when = dateToken(ahead.at)
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
