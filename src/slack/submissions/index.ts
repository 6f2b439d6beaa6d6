import type { ViewResponseAction, ViewSubmitAction } from '@slack/bolt'
import type { SlackParts } from '../context.ts'
import { editForm } from '../views/edit/edit-modal.ts'
import { policyForm } from '../views/policy-modal.ts'
import { submitEdit } from './edit.ts'
import { submitPolicyEdit } from './policy-edit.ts'
import { submitReason } from './reason.ts'

/** What becomes of the modal; null closes it. */
export type SubmissionAnswer = ViewResponseAction | null

/** Every modal that can be submitted, by its callback_id. */
export const submissions: Record<
  string,
  (parts: SlackParts, body: ViewSubmitAction) => Promise<SubmissionAnswer>
> = {
  [policyForm.callback_id]: submitPolicyEdit,
  [editForm.callback_id]: submitEdit,
  reject: submitReason('reject'),
  break_glass: submitReason('break_glass'),
}
