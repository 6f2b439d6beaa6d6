import type { Rendered } from '../posts.ts'
import { line, plain, richText } from './text.ts'

/** A checkpoint to be kept: whoever copies the grey part can hold an export of the audit log against it. */
export function checkpointMessage(note: string, size: number, shown_before: number): Rendered {
  const more = size - shown_before
  const text = `Checkpoint of the audit log: ${size.toLocaleString('en')} events, ${more.toLocaleString('en')} more than at the last one here`
  return {
    text,
    blocks: [
      richText(line(plain(text)), {
        type: 'rich_text_preformatted',
        elements: [{ type: 'text', text: note.trimEnd() }],
      }),
      {
        type: 'context',
        elements: [
          {
            type: 'plain_text',
            text: 'Whoever doubts the log exports it (countersign audit export) and compares: countersign audit verify FILE --checkpoint, with the grey text in a file.',
            emoji: false,
          },
        ],
      },
    ],
    metadata: { event_type: 'countersign_checkpoint', event_payload: { shown_before } },
  }
}
