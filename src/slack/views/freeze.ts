import { reveal } from '../../approval/reveal.ts'
import type { Freeze } from '../../approval/freeze.ts'
import type { Rendered } from '../posts.ts'
import { escapeMrkdwn } from './text.ts'

/** Which freeze began or was lifted, of which agent (null: all), and the Slack user id of who did it (null: an operator). */
export type Announced = {
  freeze_id: string
  agent: string | null
  what: 'started' | 'lifted'
  who: string | null
}

export function freezeAnnouncement(
  { agent, what }: Announced,
  { id, reason }: Freeze,
  who: string | null,
): Rendered {
  const whose = agent === null ? '*All agents*' : `*${escapeMrkdwn(reveal(agent))}*`
  const by = who === null ? 'an operator' : escapeMrkdwn(reveal(who))
  const text =
    what === 'started'
      ? `🧊 ${whose} frozen by ${by}: “${escapeMrkdwn(reveal(reason))}”. Nothing more${agent === null ? '' : ' of it'} is approved until this is lifted; what was approved and could still run is withdrawn. Rejecting works.`
      : `✅ ${whose} no longer frozen, says ${by}. What waited goes on, with the frozen time given back.`
  return {
    text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
    metadata: { event_type: 'countersign_freeze', event_payload: { freeze_id: id, what } },
  }
}
