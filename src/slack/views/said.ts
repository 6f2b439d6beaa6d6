import type { RichTextElement } from '@slack/types'
import { briefly } from './brief.ts'
import { plain } from './text.ts'

/** How much of what people said is shown, in characters of each, and of how many votes. */
export type SaidRoom = { said: number; votes: number }

/** What somebody said, quoted on one line. */
export function because(words: string | null, { said }: SaidRoom): RichTextElement[] {
  return words === null || words === '' ? [] : [plain(`: “${briefly(words, said)}”`)]
}
