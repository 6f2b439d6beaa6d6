import type { KnownBlock } from '@slack/types'
import type { Approval } from '../../approval/approval.ts'
import type { People } from './people.ts'
import { fitting } from './fitting.ts'
import { requestBlocks } from './request.ts'
import { endingBlocks, stageBlocks } from './status.ts'

/** An approval as a whole, to be read and not clicked: all its stages and how it ended. */
export function showBlocks(approval: Approval, people: People): KnownBlock[] {
  return fitting((room) => [
    ...requestBlocks(approval, people, room),
    { type: 'divider' },
    ...approval.stages.flatMap((stage, index) => stageBlocks(approval, stage, index, people)),
    ...endingBlocks(approval, people),
    {
      type: 'context',
      elements: [{ type: 'plain_text', text: `Countersign · ${approval.id}`, emoji: false }],
    },
  ])
}
