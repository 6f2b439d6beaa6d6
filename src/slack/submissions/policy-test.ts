import type { ViewSubmitAction } from '@slack/bolt'
import { visitorOf } from '../actions/click.ts'
import { trial } from '../commands/policy/test.ts'
import type { SlackParts } from '../context.ts'
import { fit } from '../views/limits.ts'
import { nothingHappenedView } from '../views/nothing-happened.ts'
import { readTestForm, testFault, testModal } from '../views/test-modal.ts'
import type { SubmissionAnswer } from './index.ts'

/** Tries the newest policy on what was typed, and shows what comes of it above the form. */
export async function submitPolicyTest(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  if (!(await parts.workspace.isAdmin(visitorOf(user))))
    return { response_action: 'update', view: nothingHappenedView('Only admins try the policy.') }
  const asked = readTestForm(view.state.values)
  const { refused, text, blocks } = await trial(parts, { ...asked, by: { version: null } })
  if (refused) return { response_action: 'errors', errors: testFault(fit(text, 1_500)) }
  const agents = await parts.admin.agents()
  return {
    response_action: 'update',
    view: testModal(
      agents.map(({ name }) => name),
      blocks,
    ),
  }
}
