import type { ViewResponseAction, ViewSubmitAction } from '@slack/bolt'
import type { SlackParts } from '../context.ts'
import { editForm } from '../views/edit/edit-modal.ts'
import { assignForm } from '../views/assign-modal.ts'
import { policyForm } from '../views/policy-modal.ts'
import { questionForm } from '../views/question-modal.ts'
import { rejectionForm } from '../views/proposal.ts'
import { uploadForm } from '../views/upload-modal.ts'
import { submitEdit } from './edit.ts'
import { submitPolicyEdit, submitPolicyUpload } from './policy.ts'
import { testForm } from '../views/test-modal.ts'
import { submitPolicyTest } from './policy-test.ts'
import { submitRejection } from './proposal.ts'
import { submitQuestion } from './question.ts'
import { submitAssignment } from './assign.ts'
import { submitReason } from './reason.ts'

/** What becomes of the modal; null closes it. */
export type SubmissionAnswer = ViewResponseAction | null

/** Every modal that can be submitted, by its callback_id. */
export const submissions: Record<
  string,
  (parts: SlackParts, body: ViewSubmitAction) => Promise<SubmissionAnswer>
> = {
  [policyForm.callback_id]: submitPolicyEdit,
  [uploadForm.callback_id]: submitPolicyUpload,
  [testForm.callback_id]: submitPolicyTest,
  [rejectionForm.callback_id]: submitRejection,
  [questionForm.callback_id]: submitQuestion,
  [assignForm.callback_id]: submitAssignment,
  approve: submitReason('approve'),
  approve_with_note: submitReason('approve_with_note'),
  [editForm.callback_id]: submitEdit,
  reject: submitReason('reject'),
  break_glass: submitReason('break_glass'),
  revoke: submitReason('revoke'),
}
