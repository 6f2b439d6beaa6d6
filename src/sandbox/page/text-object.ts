import type { SlackObject } from '../protocol.ts'
import type { Directory } from './directory.ts'
import { h } from './dom.ts'
import type { Child } from './dom.ts'
import { withEmoji } from './emoji.ts'
import { mrkdwn } from './mrkdwn.ts'
import { string } from './slack-object.ts'

/** A text object: mrkdwn is formatted, plain_text never is, save that its short names become emoji where it asks. */
export function drawText(text: SlackObject | undefined, directory: Directory): Child {
  if (!text) return undefined
  const content = string(text, 'text') ?? ''
  if (text.type === 'mrkdwn') return mrkdwn(content, directory)
  // Slack's default for `emoji` is true on buttons, headers and labels, wherever it is left out.
  return h('span', { class: 'plain' }, withEmoji(content, text['emoji'] !== false))
}
