import type { SlackParts } from '../context.ts'
import { reasonView } from '../views/reason-modal.ts'
import { vote, type AfterAck, type Click } from './click.ts'

/** Asks for the reason. Whether the person may vote is judged now and again when the reason comes. */
export async function reject(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await vote(parts, 'begin_vote', 'reject', click, null)
  if (approval === null || refusal !== null) return { tell: refusal }
  const { trigger_id, ticket } = click
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: reasonView('reject', approval, ticket) })
    },
  }
}
