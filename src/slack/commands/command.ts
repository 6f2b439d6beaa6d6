import type { KnownBlock, ModalView } from '@slack/types'
import type { SlackParts } from '../context.ts'
import type { Visitor } from '../workspace/workspace.ts'

/** One word after `/countersign`. */
export type Command = {
  /** What is typed after the word, as help shows it. */
  usage: string
  about: string
  admins_only: boolean
  run(parts: SlackParts, asked: Asked): Promise<Answer>
}

/** `words` are what was typed after the command's own word. */
export type Asked = { visitor: Visitor; is_admin: boolean; words: string[] }

/** Seen by the one who typed, alone. */
export type Answer = { text: string; blocks?: KnownBlock[]; /** Opened beside it. */ modal?: ModalView }

/** An answer of plain text, cut into blocks that Slack takes. */
export function say(text: string): Answer {
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'plain_text', text: text.slice(0, 3_000), emoji: false } }],
  }
}
