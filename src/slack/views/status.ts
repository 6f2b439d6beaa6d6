import type { KnownBlock, RichTextElement, RichTextSection } from '@slack/types'
import {
  votingRoles,
  type Approval,
  type Decider,
  type StageState,
  type Vote,
} from '../../approval/approval.ts'
import { isEdited } from '../../approval/effective.ts'
import { awaitedRoles, counted } from '../../approval/places.ts'
import { listed } from '../../approval/plan.ts'
import { fit } from './limits.ts'
import { person, type People } from './people.ts'
import { bold, code, dateToken, line, plain, reveal, richText } from './text.ts'

/** Where one stage of an approval stands: who voted, who is awaited. */
export function stageBlocks(
  approval: Approval,
  stage: StageState,
  index: number,
  people: People,
): KnownBlock[] {
  // The vote that ended it all is told where the ending is.
  const told = stage.votes.filter((vote) => !decided(approval, vote))
  const lines = [...told.map((vote) => voteLine(vote, people)), ...standing(approval, stage, index)]
  return lines.length === 0 ? [] : [richText(...lines)]
}

/** How an approval ended, or when it will. */
export function endingBlocks(approval: Approval, people: People): KnownBlock[] {
  const { decision } = approval
  if (!decision) return [deadline(approval)]
  const reason = decision.reason === null ? [] : [plain(`: “${fit(reveal(decision.reason), 1_000)}”`)]
  return [
    ...withdrawnBlocks(approval, people),
    richText(line(bold(endingOf(approval)), ...by(decision.by, people), ...reason)),
    { type: 'context', elements: [{ type: 'mrkdwn', text: dateToken(decision.at) }] },
  ]
}

/** Comes first: that it may not run any more is what counts now. */
function withdrawnBlocks({ withdrawn }: Approval, people: People): KnownBlock[] {
  if (withdrawn === null) return []
  const reason = withdrawn.reason === null ? [] : [plain(`: “${fit(reveal(withdrawn.reason), 1_000)}”`)]
  return [
    richText(
      line(bold('🛑 Withdrawn'), ...by(withdrawn.by, people), ...reason, plain('. It may not run any more.')),
    ),
  ]
}

function decided({ decision }: Approval, vote: Vote): boolean {
  return (
    decision?.by.type === 'human' &&
    decision.by.slack_user_id === vote.by.slack_user_id &&
    decision.at.getTime() === vote.at.getTime()
  )
}

function standing(approval: Approval, stage: StageState, index: number): RichTextSection[] {
  const of = approval.stages.length > 1 ? `Stage ${index + 1} of ${approval.stages.length}, ` : ''
  const count = `${counted(stage)} of ${stage.approvals} ${stage.approvals === 1 ? 'approval' : 'approvals'}`
  const roles = asked(stage)
  switch (stage.status) {
    case 'met':
      return [line(plain(`✔ ${of}`), ...roles, plain(`: met, ${count}`))]
    case 'open':
      return approval.decision
        ? []
        : [line(bold('⏳ Waiting for '), ...roles, plain(`: ${of}${count}`), ...stillTo(stage))]
    case 'waiting':
      return [line(plain(`· ${of}then `), ...roles)]
  }
}

/** The roles of a stage: finance and legal, or platform for whichever of them does not answer. */
function asked({ roles, escalated_to }: StageState): RichTextElement[] {
  const own = joined(listed(roles), 'all' in roles ? ' and ' : ' or ')
  return escalated_to.length === 0 ? own : [...own, plain(' or '), ...joined(escalated_to, ' or ')]
}

/** Where some of several roles have answered, whose answer is still to come. */
function stillTo(stage: StageState): RichTextElement[] {
  const awaited = awaitedRoles(stage)
  if (counted(stage) === 0 || awaited.length === votingRoles(stage).length) return []
  return [plain(', still to come from '), ...joined(awaited, ' or ')]
}

function joined(roles: readonly string[], word: string): RichTextElement[] {
  return roles.flatMap((role, i) => [...(i > 0 ? [plain(word)] : []), code(role)])
}

function voteLine(vote: Vote, people: People): RichTextSection {
  return line(
    plain(vote.vote === 'approve' ? '✓ ' : '✗ '),
    person(people, vote.by.slack_user_id),
    plain(vote.vote === 'approve' ? ' approved' : ' rejected'),
    ...(vote.comment === null ? [] : [plain(`: “${fit(reveal(vote.comment), 500)}”`)]),
  )
}

const endings = {
  approved: '✅ Approved',
  rejected: '⛔ Rejected',
  expired: '⌛ Expired',
  cancelled: '🚫 Cancelled',
  pending: '⏳ Waiting',
} as const

function endingOf(approval: Approval): string {
  return approval.status === 'approved' && isEdited(approval)
    ? '✅ Approved as edited'
    : endings[approval.status]
}

function by(decider: Decider, people: People): RichTextElement[] {
  switch (decider.type) {
    case 'human':
      return [plain(' by '), person(people, decider.slack_user_id)]
    case 'agent':
      return [plain(' by the agent '), code(reveal(decider.name))]
    case 'policy':
      return [plain(' by the policy, rule '), code(decider.rule ?? 'defaults')]
    case 'timeout':
      return []
    case 'freeze':
      return [plain(' by a freeze')]
  }
}

function deadline(approval: Approval): KnownBlock {
  if (approval.freeze !== null) return frozen(approval.freeze)
  const end = approval.plan.on_timeout === 'reject' ? 'is rejected' : 'expires'
  const text = `Without an answer it ${end} ${dateToken(approval.expires_at)}. Nothing is approved by silence.`
  return { type: 'context', elements: [{ type: 'mrkdwn', text }] }
}

function frozen({ reason }: NonNullable<Approval['freeze']>): KnownBlock {
  return richText(
    line(
      bold('🧊 Frozen'),
      plain(
        `: “${fit(reveal(reason), 500)}”. It cannot be approved, and its time stands still until this is lifted. It can be rejected.`,
      ),
    ),
  )
}
