import type { ModalView } from '@slack/types'
import { fit, limits } from './limits.ts'

/** What a modal becomes when its submission could not count: what was typed stays to be read in `words`. */
export function nothingHappenedView(words: string): ModalView {
  return answerView(words, 'Nothing was changed')
}

/** An answer to a click, where there is no message that it could stand below. */
export function answerView(words: string, title = 'Countersign'): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      {
        type: 'section',
        text: { type: 'plain_text', text: fit(words, limits.section_text), emoji: false },
      },
    ],
  }
}

export const unknownFormView = nothingHappenedView('This form is not known here. Nothing was changed.')
