import type { RichTextElement, RichTextSection } from '@slack/types'
import { votingRoles, type StageState, type Vote } from '../../approval/approval.ts'
import { approversOf, awaitedRoles, counted } from '../../approval/places.ts'
import { listed } from '../../approval/plan.ts'
import type { ShownApproval } from '../../approval/shown.ts'
import { briefly } from './brief.ts'
import { endingLines } from './ending.ts'
import { person, type People } from './people.ts'
import { because, type SaidRoom } from './said.ts'
import { bold, code, line, plain } from './text.ts'

/** Where an approval stands, as far as the card of one stage is concerned: how it ended, or for whom it waits. */
export function statusLines(
  approval: ShownApproval,
  index: number,
  people: People,
  room: SaidRoom,
): RichTextSection[] {
  const stage = approval.stages[index]
  if (approval.decision) return endingLines(approval, people, room)
  return [
    ...frozenLines(approval, room),
    ...(stage ? standing(approval, stage, index) : []),
    ...(approval.unreachable === null
      ? []
      : [
          line(
            bold('⚠ Nobody can decide this right now'),
            plain(`: ${briefly(approval.unreachable, room.said)}`),
          ),
        ]),
  ]
}

/** One stage of an approval: who voted, who is awaited. The vote that ended it all is told where the ending is. */
export function stageLines(
  approval: ShownApproval,
  stage: StageState,
  index: number,
  people: People,
  room: SaidRoom,
): RichTextSection[] {
  return [...standing(approval, stage, index), ...voteLines(approval, stage, people, room)]
}

/** Who voted at a stage, the last of them where they are many. */
export function voteLines(
  approval: ShownApproval,
  stage: StageState,
  people: People,
  room: SaidRoom,
): RichTextSection[] {
  const told = stage.votes.filter((vote) => !decided(approval, vote))
  const left = told.length - room.votes
  return [
    ...(left > 0 ? [line(plain(`✓ ${left} more voted before`))] : []),
    ...told.slice(-room.votes).map((vote) => voteLine(vote, people, room)),
  ]
}

/** Who has approved the stages before one. */
export function earlierLines({ stages }: ShownApproval, index: number, people: People): RichTextSection[] {
  return stages
    .slice(0, index)
    .map((stage) =>
      line(
        plain('✔ '),
        ...asked(stage),
        plain(' approved: '),
        ...approversOf(stage).flatMap(({ slack_user_id }, i) => [
          plain(i === 0 ? '' : ', '),
          person(people, slack_user_id),
        ]),
      ),
    )
}

/** The stages that come after one, in a line. */
export function laterLines({ stages, decision }: ShownApproval, index: number): RichTextSection[] {
  const later = stages.slice(index + 1).filter(({ status }) => status === 'waiting')
  if (decision || later.length === 0) return []
  return [
    line(
      plain('Then '),
      ...later.flatMap((stage, i) => [
        plain(i === 0 ? '' : ', then '),
        ...asked(stage),
        plain(stage.approvals > 1 ? ` (${stage.approvals} approvals)` : ''),
      ]),
    ),
  ]
}

/** That it stands still, and why. */
export function frozenLines({ freeze }: ShownApproval, room: SaidRoom): RichTextSection[] {
  if (freeze === null) return []
  return [
    line(
      bold('🧊 Frozen'),
      ...because(freeze.reason, room),
      plain('. It cannot be approved, and its time stands still until this is lifted. It can be rejected.'),
    ),
  ]
}

function decided({ decision }: ShownApproval, vote: Vote): boolean {
  return (
    decision?.by.type === 'human' &&
    decision.by.slack_user_id === vote.by.slack_user_id &&
    decision.at.getTime() === vote.at.getTime()
  )
}

/** How many have approved, of how many. */
export function countOf(stage: StageState): string {
  return `${counted(stage)} of ${stage.approvals} ${stage.approvals === 1 ? 'approval' : 'approvals'}`
}

function standing(approval: ShownApproval, stage: StageState, index: number): RichTextSection[] {
  const of = approval.stages.length > 1 ? ` (stage ${index + 1} of ${approval.stages.length})` : ''
  const count = countOf(stage)
  const roles = asked(stage)
  switch (stage.status) {
    case 'met':
      return [line(bold('✔ Met by '), ...roles, plain(`: ${count}${of}`))]
    case 'open':
      return approval.decision
        ? []
        : [line(bold('⏳ Waiting for '), ...roles, plain(`: ${count}${of}`), ...stillTo(stage))]
    case 'waiting':
      return [line(plain('· Then '), ...roles, plain(of))]
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

function voteLine(vote: Vote, people: People, room: SaidRoom): RichTextSection {
  return line(
    plain(vote.vote === 'approve' ? '✓ ' : '✗ '),
    person(people, vote.by.slack_user_id),
    plain(vote.vote === 'approve' ? ' approved' : ' rejected'),
    ...because(vote.comment, room),
  )
}
