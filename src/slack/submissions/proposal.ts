import type { ViewSubmitAction } from '@slack/bolt'
import { visitorOf } from '../actions/click.ts'
import { refusalWords } from '../author.ts'
import type { SlackParts } from '../context.ts'
import { readProposalNumber, rejectionIn } from '../views/proposal.ts'
import { nothingHappenedView } from '../views/nothing-happened.ts'
import type { SubmissionAnswer } from './index.ts'

/** A proposal is turned down, with a reason or without. */
export async function submitRejection(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const { admin, workspace } = parts
  const refused = (words: string): SubmissionAnswer => ({
    response_action: 'update',
    view: nothingHappenedView(words),
  })
  const number = readProposalNumber(view.private_metadata)
  if (number === null) return refused('This form is not known here. Nothing was changed.')
  const visitor = visitorOf(user)
  const by = { type: 'human' as const, ...(await workspace.person(visitor.slack_user_id)) }
  const rejected = (await workspace.isAdmin(visitor))
    ? await admin.rejectProposal({ number, reason: rejectionIn(view.state.values) }, by)
    : await admin.refuseOutsider(number, 'reject', by)
  return 'refused' in rejected ? refused(`${await refusalWords(parts, rejected)}.`) : null
}
