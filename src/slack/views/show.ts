import type { KnownBlock } from '@slack/types'
import { shown, type RawApproval } from '../../approval/shown.ts'
import { editedBlocks } from './edited.ts'
import { factLines, riskLine, ruleLine } from './facts.ts'
import { enough, fitting } from './fitting.ts'
import { headline } from './headline.ts'
import { limits } from './limits.ts'
import type { People } from './people.ts'
import { requestBlocks } from './request.ts'
import { retryBlocks } from './retry.ts'
import { endingLines } from './ending.ts'
import { stageLines } from './status.ts'
import { signLines } from './signs.ts'
import { richText } from './text.ts'
import { timeBlocks } from './time.ts'

/** An approval as a whole, to be read and not clicked: all its stages and how it ended. */
export function showBlocks(approval: RawApproval, people: People, earlier: RawApproval | null): KnownBlock[] {
  const seen = shown(approval, enough)
  return fitting((room) => [
    { type: 'header', text: { type: 'plain_text', text: headline(approval, limits.header), emoji: false } },
    richText(...endingLines(seen, people, room), ...signLines(seen, people, room), riskLine(seen)),
    richText(...factLines(seen, people)),
    ...editedBlocks(approval, seen, people, room),
    ...retryBlocks(approval, earlier, people, room),
    ...requestBlocks(seen, room),
    { type: 'divider' },
    richText(
      ruleLine(seen),
      ...seen.stages.flatMap((stage, index) => stageLines(seen, stage, index, people, room)),
    ),
    ...timeBlocks(approval),
    {
      type: 'context',
      elements: [{ type: 'plain_text', text: `Countersign · ${approval.id}`, emoji: false }],
    },
  ])
}
