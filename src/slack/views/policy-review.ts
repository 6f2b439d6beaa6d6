import type { KnownBlock } from '@slack/types'
import type { Comparison } from '../../admin/policy/compare.ts'
import type { Review } from '../../admin/policy/review.ts'
import { changeWords, comparisonWords, faultWords } from '../../admin/policy/words.ts'
import { preformatted } from './preformatted.ts'
import { listUnder } from './sentences.ts'
import { bold, line, plain, richText } from './text.ts'

/** How much of the difference a form shows above its inputs, and how many warnings. */
const room = 3_000
const mostWarnings = 10

/** What a form's button says: first to look, then to do it. */
export function reviewButton(review: Review | null): string {
  if (review === null) return 'See what it would do'
  return review.second_admin ? 'Propose' : 'Save'
}

/** What would have been decided differently. */
export function comparisonBlock(comparison: Comparison): KnownBlock {
  const [first, ...kinds] = comparisonWords(comparison)
  return listUnder(first, kinds)
}

/** What saving would do: the lines that change, what would have been decided differently, and the document's warnings. */
export function reviewBlocks({ before, changes, comparison, warnings, second_admin }: Review): KnownBlock[] {
  const left = warnings.length - mostWarnings
  return [
    richText(
      line(bold('Nothing is saved yet. '), plain(`Against version ${before}: ${changeWords(changes)}.`)),
    ),
    ...preformatted(changes.lines.join('\n'), room, 'They are in the form below.'),
    ...(comparison ? [comparisonBlock(comparison)] : []),
    ...(warnings.length > 0
      ? [
          listUnder('Warnings', [
            ...warnings.slice(0, mostWarnings).map((warning) => [faultWords(warning)]),
            ...(left > 0 ? [[`… and ${left} more`]] : []),
          ]),
        ]
      : []),
    ...(second_admin
      ? [
          richText(
            line(plain('The policy asks for a second admin: it counts once another admin has agreed.')),
          ),
        ]
      : []),
    { type: 'divider' },
  ]
}
