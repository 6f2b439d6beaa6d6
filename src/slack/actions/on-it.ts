import type { OnItInput } from '../../approval/on-it.ts'
import type { SlackParts } from '../context.ts'
import { inputOf, judged, type AfterAck, type Click } from './click.ts'

/** One click, for the card to say that somebody is looking at it, or is not any more. */
export const onIt =
  (type: OnItInput['type']) =>
  async (parts: SlackParts, click: Click): Promise<AfterAck> => {
    const input = await inputOf(parts, click)
    const { refusal } = judged(input && (await parts.flow.onIt(click.ticket.approval_id, { type, ...input })))
    return { tell: refusal }
  }
