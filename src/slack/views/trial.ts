import type { KnownBlock } from '@slack/types'
import { namedIn, trialWords } from '../../admin/policy/trial-words.ts'
import type { Trial } from '../../admin/policy/trial.ts'
import type { People } from './people.ts'
import { listUnder } from './sentences.ts'

/** A trial as an answer, in blocks. */
export async function trialBlocks(
  trial: Trial,
  peopleOf: (ids: string[]) => Promise<People>,
): Promise<{ text: string; blocks: KnownBlock[] }> {
  const { names } = await peopleOf(namedIn(trial))
  const sections = trialWords(trial, names)
  return {
    text: sections[0]?.title ?? '',
    blocks: sections.map(({ title, lines }) => listUnder(title, lines)),
  }
}
