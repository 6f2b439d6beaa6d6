import type { ViewSubmitAction } from '@slack/bolt'
import type { KnownBlock, ModalView } from '@slack/types'
import type { By } from '../../admin/index.ts'
import type { NotSaved } from '../../admin/policy/check.ts'
import type { Review } from '../../admin/policy/review.ts'
import { faultWords, savedWords } from '../../admin/policy/words.ts'
import { sha256Hex } from '../../platform/ids.ts'
import { visitorOf } from '../actions/click.ts'
import { refusalWords } from '../author.ts'
import type { SlackParts } from '../context.ts'
import { fit } from '../views/limits.ts'
import { faultsInPlace, noteIn, readPolicyForm, reviewedPolicyView } from '../views/policy-modal.ts'
import { listUnder } from '../views/sentences.ts'
import { nothingHappenedView } from '../views/nothing-happened.ts'
import { readUploadForm, uploadFault, uploadView } from '../views/upload-modal.ts'
import type { SubmissionAnswer } from './index.ts'

type Draft = { document: string; base: number; note: string | null }

/** Shows what a document that was typed would do; saves it where that was shown for just this text. */
export async function submitPolicyEdit(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const typed = readPolicyForm(view)
  const by = typed && (await admitted(parts, user))
  if (!typed || !by) return onlyAdmins
  const inPlace = ({ faults }: NotSaved) => faultsInPlace(typed.texts, faults)
  return typed.is_reviewed
    ? save(parts, typed, by, inPlace)
    : review(parts, typed, by, inPlace, (found) => reviewedPolicyView(typed, found))
}

/** The same for a file. It is read again to be saved, and what was not shown is not saved. */
export async function submitPolicyUpload(
  parts: SlackParts,
  { view, user }: ViewSubmitAction,
): Promise<SubmissionAnswer> {
  const form = readUploadForm(view)
  const by = form && (await admitted(parts, user))
  if (!form || !by) return onlyAdmins
  const { base, file: id, digest } = form
  const reviewed = digest !== null
  const at = (words: string) => uploadFault(reviewed, fit(words, 1_500))
  const file = await parts.files.read(id)
  if (!file.ok) return { response_action: 'errors', errors: at(`${file.why}.`) }
  const { name, text: document } = file
  const draft = { document, base, note: noteIn(view.state.values) }
  const inPlace = ({ faults }: NotSaved) => at(faults.map(faultWords).join('\n'))
  if (sha256Hex(document) === digest) return save(parts, draft, by, inPlace)
  return review(parts, draft, by, inPlace, (found) => uploadView(base, { id, name, document, review: found }))
}

/** Whether the person is an admin is asked again: they may have been one when the form was opened. */
async function admitted(
  { workspace }: SlackParts,
  user: Parameters<typeof visitorOf>[0],
): Promise<(By & { type: 'human' }) | null> {
  const visitor = visitorOf(user)
  if (!(await workspace.isAdmin(visitor))) return null
  return { type: 'human', ...(await workspace.person(visitor.slack_user_id)) }
}

async function review(
  parts: SlackParts,
  draft: Draft,
  by: By,
  inPlace: (refused: NotSaved) => Record<string, string>,
  show: (review: Review) => ModalView,
): Promise<SubmissionAnswer> {
  const found = await parts.admin.reviewPolicy(draft, by, parts.workspace.lookUp)
  return 'refused' in found
    ? refusal(parts, found, inPlace)
    : { response_action: 'update', view: show(found) }
}

async function save(
  parts: SlackParts,
  draft: Draft,
  by: By,
  inPlace: (refused: NotSaved) => Record<string, string>,
): Promise<SubmissionAnswer> {
  const saved = await parts.admin.savePolicy(draft, by, parts.workspace.lookUp)
  if ('refused' in saved) return refusal(parts, saved, inPlace)
  const warnings = saved.warnings.map((warning) => [`⚠ ${faultWords(warning)}`])
  const title = 'version' in saved ? 'Saved' : 'Proposed'
  return { response_action: 'update', view: doneView(title, listUnder(savedWords(saved), warnings)) }
}

/** The form stays as it is, with what is wrong: nobody types a policy twice. */
async function refusal(
  parts: SlackParts,
  refused: NotSaved,
  inPlace: (refused: NotSaved) => Record<string, string>,
): Promise<SubmissionAnswer> {
  const errors =
    refused.faults.length > 0
      ? inPlace(refused)
      : { note: fit(`${await refusalWords(parts, refused)}.`, 1_500) }
  return { response_action: 'errors', errors }
}

const onlyAdmins: SubmissionAnswer = {
  response_action: 'update',
  view: nothingHappenedView('Only admins save policies. Nothing was saved.'),
}

function doneView(title: string, block: KnownBlock): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [block],
  }
}
