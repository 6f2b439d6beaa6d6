import type { BlockAction, BlockElementAction } from '@slack/bolt'
import { refusalWords } from '../author.ts'
import type { SlackParts } from '../context.ts'
import { proposalButtons, readProposalNumber, rejectionView } from '../views/proposal.ts'
import { visitorOf, type AfterAck } from './click.ts'

/** The buttons of a proposal, by their action_id. Whether the person may decide is judged with the proposal locked. */
export const proposalActions: Record<
  string,
  (parts: SlackParts, body: BlockAction, number: number) => Promise<AfterAck>
> = {
  async [proposalButtons.confirm](parts, body, number) {
    const { admin, workspace } = parts
    const visitor = visitorOf(body.user)
    const by = { type: 'human' as const, ...(await workspace.person(visitor.slack_user_id)) }
    const confirmed = (await workspace.isAdmin(visitor))
      ? await admin.confirmProposal(number, by)
      : await admin.refuseOutsider(number, 'confirm', by)
    if (!('refused' in confirmed)) return { tell: null }
    return { tell: `${await refusalWords(parts, confirmed)}. Nothing was changed.` }
  },
  async [proposalButtons.reject]({ interactive }, { trigger_id }, number) {
    return {
      open: async () => {
        await interactive.views.open({ trigger_id, view: rejectionView(number) })
      },
    }
  },
}

/** Null where the button is none of a proposal. */
export function proposalClick(
  parts: SlackParts,
  body: BlockAction,
  action: BlockElementAction,
): Promise<AfterAck> | null {
  const act = Object.hasOwn(proposalActions, action.action_id) ? proposalActions[action.action_id] : undefined
  const number = readProposalNumber(action.type === 'button' ? action.value : undefined)
  return act && number !== null ? act(parts, body, number) : null
}
