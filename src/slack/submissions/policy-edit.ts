import type { ViewSubmitAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { faultWords } from '../../admin/policy/words.ts'
import { visitorOf } from '../actions/click.ts'
import type { SlackParts } from '../context.ts'
import { fit } from '../views/limits.ts'
import { faultsInPlace, readPolicyForm } from '../views/policy-modal.ts'
import { nothingHappenedView } from '../views/reason-modal.ts'
import type { SubmissionAnswer } from './index.ts'

/** Saves what was typed. Whether the person is an admin is asked again: they may have been one when the form was opened. */
export async function submitPolicyEdit(
  { admin, workspace }: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const visitor = visitorOf(user)
  const typed = readPolicyForm(view)
  if (!typed || !(await workspace.isAdmin(visitor)))
    return {
      response_action: 'update',
      view: nothingHappenedView('Only admins save policies. Nothing was saved.'),
    }
  const by = { type: 'human' as const, ...(await workspace.person(visitor.slack_user_id)) }
  const { document, base, note, texts } = typed
  const saved = await admin.savePolicy({ document, base, note: note === '' ? null : note }, by)
  if ('refused' in saved)
    return saved.faults.length > 0
      ? { response_action: 'errors', errors: faultsInPlace(texts, saved.faults) }
      : { response_action: 'update', view: nothingHappenedView(`${saved.refused}.`) }
  const warnings = saved.warnings.map((warning) => `⚠ ${faultWords(warning)}`)
  return {
    response_action: 'update',
    view: savedView(
      [
        `Version ${saved.version} counts from now on: ${saved.changes.added} lines added, ${saved.changes.removed} removed.`,
        ...warnings,
      ].join('\n'),
    ),
  }
}

function savedView(words: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Saved' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'plain_text', text: fit(words, 3_000), emoji: false } }],
  }
}
