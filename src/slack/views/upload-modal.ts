import type { ModalView } from '@slack/types'
import type { Review } from '../../admin/policy/review.ts'
import { sha256Hex } from '../../platform/ids.ts'
import { noteBlock } from './policy-modal.ts'
import { reviewBlocks, reviewButton } from './policy-review.ts'

export const uploadForm = { callback_id: 'policy_upload' } as const

const input = { block_id: 'file', action_id: 'file' } as const

/** A file whose contents were reviewed: they are read again when it is saved, and must be the same then. */
export type ReviewedFile = { id: string; name: string; document: string; review: Review }

/** Asks for a file in place of the document, or once it was reviewed, whether it is to be saved. */
export function uploadView(base: number, reviewed: ReviewedFile | null = null): ModalView {
  return {
    type: 'modal',
    callback_id: uploadForm.callback_id,
    private_metadata: JSON.stringify({
      base,
      file: reviewed?.id ?? null,
      digest: reviewed && sha256Hex(reviewed.document),
    }),
    title: { type: 'plain_text', text: 'Upload a policy' },
    submit: { type: 'plain_text', text: reviewButton(reviewed?.review ?? null) },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      ...(reviewed
        ? [
            {
              type: 'section' as const,
              text: { type: 'plain_text' as const, text: reviewed.name, emoji: false },
            },
            ...reviewBlocks(reviewed.review),
          ]
        : [
            {
              type: 'input' as const,
              block_id: input.block_id,
              label: { type: 'plain_text' as const, text: 'The file' },
              hint: {
                type: 'plain_text' as const,
                text: 'YAML or JSON, at most 256 KiB. Nobody else sees it.',
              },
              element: {
                type: 'file_input' as const,
                action_id: input.action_id,
                filetypes: ['yaml', 'yml', 'json', 'txt'],
                max_files: 1,
              },
            },
          ]),
      noteBlock(base),
    ],
  }
}

/** The file that a form is about: chosen just now, or reviewed before, and then with the digest of what was reviewed. */
export function readUploadForm(view: {
  private_metadata: string
  state: { values: Record<string, Record<string, { files?: { id?: string }[] | null }>> }
}): { base: number; file: string; digest: string | null } | null {
  try {
    const { base, file, digest } = JSON.parse(view.private_metadata) as Record<string, unknown>
    const chosen = view.state.values[input.block_id]?.[input.action_id]?.files?.[0]?.id ?? file
    if (!Number.isInteger(base) || typeof chosen !== 'string') return null
    return { base: Number(base), file: chosen, digest: typeof digest === 'string' ? digest : null }
  } catch {
    return null
  }
}

/** The form's answer to a file that cannot be taken: at the file while it can be chosen, else at the note. */
export function uploadFault(reviewed: boolean, words: string): Record<string, string> {
  return { [reviewed ? 'note' : input.block_id]: words }
}
