import type { SlackParts } from '../context.ts'
import { reasonView } from '../views/reason-modal.ts'
import { vote, type AfterAck, type Click } from './click.ts'

export async function approve(parts: SlackParts, click: Click): Promise<AfterAck> {
  const { refusal } = await vote(parts, 'vote', 'approve', click, null)
  return { tell: refusal }
}

/** Opens a form first: for the reason that the rule wants, or for whatever somebody has to add. */
export const approveIn =
  (form: 'approve' | 'approve_with_note') =>
  async (parts: SlackParts, click: Click): Promise<AfterAck> => {
    const { approval, refusal } = await vote(parts, 'begin_vote', 'approve', click, null)
    if (approval === null || refusal !== null) return { tell: refusal }
    const { trigger_id, ticket } = click
    return {
      open: async () => {
        await parts.interactive.views.open({ trigger_id, view: reasonView(form, approval, ticket) })
      },
    }
  }
