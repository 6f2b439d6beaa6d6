import type { KnownBlock, ModalView } from '@slack/types'
import type { By } from '../../admin/index.ts'
import { reveal } from '../../approval/reveal.ts'
import type { SlackParts } from '../context.ts'
import { fit } from '../views/limits.ts'
import { unescapeTyped } from '../views/text.ts'
import type { Visitor } from '../workspace/workspace.ts'

/** One word after `/countersign`. */
export type Command = {
  /** What is typed after the word, as help shows it. */
  usage: string
  about: string
  admins_only: boolean
  /** Its options that take a text: as on the command line, where most of them have to be named. */
  options?: readonly string[]
  /** Its options that are only there or not. */
  flags?: readonly string[]
  /** How many words it takes besides its options; left out, whatever follows is a text for people. */
  most?: number
  /** What can be typed after its word; each has a usage of its own. */
  acts?: Record<string, Act>
  /** What is near to none of its acts is not one of them misspelt, but for the command itself. */
  or_words?: true
  /** Takes what follows as it is: nothing in it is an option. */
  verbatim?: true
  run(parts: SlackParts, asked: Asked): Promise<Answer>
}

/** A word after a command's own, as `show` in `policy show`. */
export type Act = Omit<Command, 'admins_only' | 'acts' | 'or_words'>

/** `words` are what was typed after the command's own word, without the options; `text` is all of that, as it was typed. */
export type Asked = {
  visitor: Visitor
  is_admin: boolean
  words: string[]
  values: Record<string, string | undefined>
  text: string
}

/** Seen by the one who typed, alone. */
export type Answer = { text: string; blocks?: KnownBlock[]; /** Opened beside it. */ modal?: ModalView }

/** An answer of plain text, cut into blocks that Slack takes. */
export function say(text: string): Answer {
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'plain_text', text: text.slice(0, 3_000), emoji: false } }],
  }
}

/** Who typed, as the audit names them. */
export async function typedBy({ workspace }: SlackParts, { visitor }: Pick<Asked, 'visitor'>): Promise<By> {
  return { type: 'human', ...(await workspace.person(visitor.slack_user_id)) }
}

/** Slack sends a mention as `<@U012|name>` where the command's settings say so; an id may be typed as well. */
export function userIn(typed: string): string {
  return /^<@([UW][A-Z0-9_]+)(\|[^>]*)?>$/.exec(typed)?.[1] ?? typed
}

/** A text for people, such as a reason: named as an option, or what is left of the words. Null where nothing was typed. */
export function freeText(option: string | undefined, words: readonly string[]): string | null {
  return unescapeTyped(option ?? words.join(' ')).trim() || null
}

/** A word as it was typed, to be named in an answer about it: made visible, and cut where it would flood the answer. */
export function echo(word: string): string {
  return fit(reveal(unescapeTyped(word)), 60)
}
