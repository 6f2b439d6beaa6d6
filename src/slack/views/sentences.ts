import type { KnownBlock, RichTextElement } from '@slack/types'
import type { Sentence } from '../../admin/sentence.ts'
import { reveal } from '../../approval/reveal.ts'
import { fit } from './limits.ts'
import { bold, date, line, plain, richText } from './text.ts'

/** How long one stretch of words may be: a rule’s condition is shown in one. */
const stretch = 600

export function runs(sentence: Sentence): RichTextElement[] {
  return sentence.map((part) => (typeof part === 'string' ? plain(fit(reveal(part), stretch)) : date(part)))
}

/** A line, or a heading in bold, with an item for each sentence that belongs to it. */
export function listUnder(heading: Sentence | string, items: Sentence[]): KnownBlock {
  const head = typeof heading === 'string' ? [bold(fit(reveal(heading), stretch))] : runs(heading)
  const elements = items.map((item) => line(...runs(item)))
  return richText(
    line(...head),
    ...(elements.length === 0
      ? []
      : [{ type: 'rich_text_list' as const, style: 'bullet' as const, elements }]),
  )
}
