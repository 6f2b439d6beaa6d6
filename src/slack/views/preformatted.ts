import type { KnownBlock } from '@slack/types'
import { reveal } from '../../approval/reveal.ts'
import { line, plain, richText } from './text.ts'

/**
 * Text as it stands, without any of Slack's formatting; what there is no room for is counted, never silently left out.
 *
 * @param more where all of it can be read
 */
export function preformatted(text: string, room: number, more: string): KnownBlock[] {
  const whole = reveal(text)
  const shown = whole.slice(0, room)
  const left = whole.length - shown.length
  return [
    richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown }] }),
    ...(left > 0 ? [richText(line(plain(`⚠ ${left} more characters are not shown here. ${more}`)))] : []),
  ]
}
