import type { RichTextElement } from '@slack/types'
import { diffArrays } from 'diff'
import type { Json } from '../../approval/approval.ts'
import { onOneLine } from './brief.ts'
import { fit } from './limits.ts'
import { valueOf } from './layout.ts'
import { plain, struck } from './text.ts'

/** Beyond so many differing lines two texts are two texts, and finding out costs too much. */
const mostEdits = 500

/** What something was, in front of what it is or would be. */
export function changed(was: Json, characters: number, is: RichTextElement[]): RichTextElement[] {
  return [struck(fit(oneLine(was), characters)), plain(' → '), ...is]
}

/** A value on one line. */
export function oneLine(value: Json): string {
  const shown = valueOf(value)
  switch (shown.as) {
    case 'list':
      return shown.texts.join(', ')
    case 'fields':
    case 'group':
      return JSON.stringify(value)
    case 'text':
      return onOneLine(shown.text)
    case 'word':
    case 'date':
    case 'money':
      return shown.text
  }
}

/**
 * The lines by which two texts differ, `- ` before those of the first and `+ ` before those of the second, with the line
 * before each; null where they have next to nothing in common.
 */
export function differingLines(was: string, is: string): string | null {
  const parts = diffArrays(was.split('\n'), is.split('\n'), { maxEditLength: mostEdits })
  if (!parts?.some(({ added, removed }) => !added && !removed)) return null
  return parts
    .flatMap(({ value, added, removed }, i) => {
      if (added || removed) return value.map((line) => `${added ? '+' : '-'} ${line}`)
      // Of what stays the same only the last line before a difference says where it is.
      return i === parts.length - 1 ? [] : [`  ${value.at(-1) ?? ''}`]
    })
    .join('\n')
}
