import type { KnownBlock, RichTextBlockElement, RichTextSection } from '@slack/types'
import { effective } from '../../approval/effective.ts'
import type { ShownApproval } from '../../approval/shown.ts'
import { brief, type TextRoom } from './brief.ts'
import { fieldElements, type FieldRoom } from './fields.ts'
import { bold, line, plain, richText } from './text.ts'

/** How much of what the agent wrote is shown; what is beyond is counted, never silently left out. */
export type RequestRoom = { fields: FieldRoom; now: FieldRoom; words: TextRoom }

/** What would be done, field by field, and why the agent says that it should be. */
export function requestBlocks(approval: ShownApproval, room: RequestRoom): KnownBlock[] {
  const { action, before } = approval
  const runs = effective(approval).arguments
  const fields = fieldElements(runs, before, room.fields)
  return [
    ...block(fields.length === 0 ? [] : [heading(before), ...fields]),
    ...block(besides(runs, before, room.now)),
    ...agentsWords(action.justification, room.words),
  ]
}

function heading(before: ShownApproval['before']): RichTextSection {
  const crossed = before === null ? '' : ' (crossed out: how it is now, says the agent)'
  return line(bold('Arguments'), plain(crossed))
}

function block(elements: RichTextBlockElement[]): KnownBlock[] {
  return elements.length === 0 ? [] : [richText(...elements)]
}

/** What the agent names as it is now, and would not set: shown for what it is worth. */
function besides(
  arguments_: ShownApproval['action']['arguments'],
  before: ShownApproval['before'],
  room: FieldRoom,
): RichTextBlockElement[] {
  const rest = Object.entries(before ?? {}).filter(([key]) => !Object.hasOwn(arguments_, key))
  if (rest.length === 0) return []
  return [
    line(bold('As it is now'), plain(' (the agent says so)')),
    ...fieldElements(Object.fromEntries(rest), null, room),
  ]
}

/** Set apart line by line, under our own word for what it is: nothing in it can be taken for a part of the card. */
function agentsWords(justification: string | null, room: TextRoom): KnownBlock[] {
  if (justification === null) return []
  return [
    richText(line(bold('In the agent’s own words'), plain(' (checked by nobody)')), {
      type: 'rich_text_quote',
      elements: [plain(brief(justification, room))],
    }),
  ]
}
