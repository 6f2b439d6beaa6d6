import type { SlackParts } from '../context.ts'
import { reasonView } from '../views/reason-modal.ts'
import { vote, type AfterAck, type Click } from './click.ts'

export async function approve(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { refusal } = await vote(parts, 'vote', 'approve', click, null)
  return { tell: refusal }
}

/** The button of a rule that wants to know why: asks for it first. */
export async function approveWithReason(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { approval, refusal } = await vote(parts, 'begin_vote', 'approve', click, null)
  if (approval === null || refusal !== null) return { tell: refusal }
  const { trigger_id, ticket } = click
  return {
    open: async () => {
      await parts.interactive.views.open({ trigger_id, view: reasonView('approve', approval, ticket) })
    },
  }
}
