import type { KnownBlock } from '@slack/types'
import { namedIn, trialWords, type Section, type Sentence } from '../../admin/policy/trial-words.ts'
import type { Trial } from '../../admin/policy/trial.ts'
import { reveal } from '../../approval/reveal.ts'
import { fit } from './limits.ts'
import type { People } from './people.ts'
import { bold, date, line, plain, richText } from './text.ts'

/** How long one line may be: a rule’s condition is shown with it. */
const lineCharacters = 600

/** A trial as an answer, in blocks. */
export async function trialBlocks(
  trial: Trial,
  peopleOf: (ids: string[]) => Promise<People>,
): Promise<{ text: string; blocks: KnownBlock[] }> {
  const { names } = await peopleOf(namedIn(trial))
  const sections = trialWords(trial, names)
  return { text: sections[0]?.title ?? '', blocks: sections.map(sectionBlock) }
}

function sectionBlock({ title, lines }: Section): KnownBlock {
  const list = lines.map((sentence) => line(...runs(sentence)))
  return richText(
    line(bold(fit(reveal(title), lineCharacters))),
    ...(list.length === 0
      ? []
      : [{ type: 'rich_text_list' as const, style: 'bullet' as const, elements: list }]),
  )
}

function runs(sentence: Sentence) {
  return sentence.map((part) =>
    typeof part === 'string' ? plain(fit(reveal(part), lineCharacters)) : date(part),
  )
}
