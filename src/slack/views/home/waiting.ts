import type { KnownBlock } from '@slack/types'
import { openStage } from '../../../approval/approval.ts'
import { effective } from '../../../approval/effective.ts'
import { shown, type Extent, type RawApproval, type ShownApproval } from '../../../approval/shown.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { buttons } from '../buttons.ts'
import { riskLine } from '../facts.ts'
import { fieldElements, type FieldRoom } from '../fields.ts'
import { headline } from '../headline.ts'
import { person, type People } from '../people.ts'
import { signLines } from '../signs.ts'
import type { SaidRoom } from '../said.ts'
import { statusLines } from '../status.ts'
import { bold, code, date, line, plain, richText } from '../text.ts'
import { withShown } from '../ticket.ts'

/** An inbox has room for a few lines of each: what is left out is counted, and Details shows it. */
const room: SaidRoom & { fields: FieldRoom } = {
  fields: { lines: 6, value: 80, text: { lines: 4, characters: 240 } },
  said: 100,
  votes: 2,
}
const enough: Extent = { characters: 400, entries: 50 }

/**
 * A request on the Home of somebody for whom it waits. What would run stands beside what the agent says of it: nobody
 * approves by the agent's summary alone. Its buttons say what was shown, as those of a card do.
 */
export function waitingItem(approval: RawApproval, people: People): KnownBlock[] {
  const stage = openStage(approval) ?? 0
  const seen = shown(approval, enough)
  const { action, agent, before, edited } = seen
  const blocks: KnownBlock[] = [
    richText(
      line(bold(headline(approval, 150))),
      riskLine(seen),
      line(code(agent.name), plain(' wants to run '), code(action.tool)),
      ...(edited === null
        ? []
        : [line(bold('✏ Edited'), plain(' by '), person(people, edited.by.slack_user_id))]),
      ...fieldElements(effective(seen).arguments, before, room.fields),
      ...statusLines(seen, stage, people, room),
      ...signLines(seen, people, room),
      ...endLines(seen),
    ),
    buttons(approval, stage),
  ]
  return withShown(blocks, sha256Hex(JSON.stringify(blocks)))
}

/** While it is frozen its time stands still, as its status says. */
function endLines({ freeze, plan, expires_at }: ShownApproval) {
  const read = plan.require_details_opened
    ? [line(plain('📖 Approve counts only after you have opened Details.'))]
    : []
  if (freeze !== null) return read
  const end = plan.on_timeout === 'reject' ? 'is rejected' : 'expires'
  return [...read, line(plain(`Without an answer it ${end} `), date(expires_at))]
}
