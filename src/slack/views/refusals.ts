import { openStage, rolesIn, votingRoles, type Approval } from '../../approval/approval.ts'
import type { Refusal } from '../../approval/click.ts'
import { reveal } from '../../approval/reveal.ts'
import { isUnspent } from '../../approval/withdraw.ts'

/**
 * Why a click did not count and what to do, for the one who clicked. Plain text: nothing in it is formatted.
 *
 * @param detail what the core had to say beside the word
 */
export function refusalWords(approval: Approval, because: Refusal, detail = ''): string {
  const open = openStage(approval)
  const stage = open === null ? undefined : approval.stages[open]
  const roles = stage ? votingRoles(stage).join(' or ') : 'the approvers'
  switch (because) {
    case 'decided':
      return `This request is already ${approval.status}${decider(approval)}. Your click changed nothing.${afterwards(approval)}`
    case 'stale':
      return 'This card is no longer the current one: what is asked, or of whom, has changed since. Look at the newest card and decide there.'
    case 'membership_unreadable':
      return 'Slack would not say who is in this role just now, so nobody can vote. Nothing was changed; try again in a minute.'
    case 'not_in_role':
      return `Only members of ${roles} can decide this. Your click changed nothing. If you should be one of them, ask an admin of Countersign.`
    case 'not_concerned':
      return `Details of this are for ${[...rolesIn(approval)].join(', ')}, for who asked and who owns the agent, and for admins. You were shown nothing more than the card.`
    case 'details_unopened':
      return 'The rule asks that whoever approves this has read all of it. Press Details first, and then Approve again. Nothing was changed.'
    case 'not_named':
      return `Only those whom the policy names under break_glass can do this. Your click changed nothing, and is in the audit. Somebody of ${roles} can approve it; if it cannot wait, tell an admin.`
    case 'own_request':
      return `The agent says that you asked for this, and nobody approves their own request. Somebody else of ${roles} has to; you can still reject it.`
    case 'own_agent':
      return `You own the agent ${approval.agent.name}, and its owner does not approve what it asks for. Somebody else of ${roles} has to; you can still reject it.`
    case 'voted_already':
      return `You have approved this already. It needs ${stage?.approvals ?? 'more'} different people; you can still reject it.`
    case 'voted_in_earlier_stage':
      return 'You approved an earlier stage of this request, and nobody counts twice. Somebody else has to decide here; you can still reject it.'
    case 'not_allowed':
      return 'That cannot be done with this request: its agent or its rule does not allow it. Nothing was changed; you can still reject it.'
    case 'reason_missing':
      return 'The rule asks why it is approved, so your click changed nothing. Press Approve again and say it in the form.'
    case 'extended_already':
      return 'The time was extended once already, and that is all the policy allows. Decide before it ends; after that the agent has to ask again.'
    case 'unchanged':
      return 'Nothing of what is asked would be different, so nothing was changed. To approve it as it is, click Approve.'
    case 'not_editable':
      return `The rule does not let anybody change ${reveal(detail)}. Nothing was changed. If it is wrong, reject the request and say so.`
    case 'not_yours_to_approve':
      return 'The policy asks others for what this would become: you could not approve it, and so you cannot make it that. Nothing was changed. Leave the edit to them, or reject the request and say why.'
    case 'denied_by_policy':
      return `The policy denies what this would become, by ${reveal(detail)}. Nothing was changed.`
    case 'asked_enough':
      return 'This request was asked as many questions as it can be. Decide by what you know, or talk to the owner of the agent. Nothing was changed.'
    case 'assigned_already':
      return `It is assigned to ${reveal(detail)} already. Nothing was changed.`
    case 'assignee_may_not':
      return `${reveal(detail)} may not approve this: that takes a member of ${roles} who neither asked for it, nor owns the agent, nor has approved it. Choose somebody else.`
    case 'on_it_already':
      return 'The card says already that you are on it. Nothing was changed.'
    case 'not_on_it':
      return 'The card does not say that you are on it. Nothing was changed.'
    case 'not_approved':
      return `This request is ${approval.status}, so that there is nothing to revoke. Nothing was changed.${approval.status === 'pending' ? ' If it must not run, reject it.' : ''}`
    case 'withdrawn_already':
      return 'It was withdrawn already, and may not run any more. Nothing was changed.'
    case 'begun':
      return 'It has begun to run, and cannot be stopped from here any more. Talk to the owner of the agent. Nothing was changed.'
    case 'past_its_time':
      return 'The time in which it could run is over: it cannot run any more as it is. Nothing was changed.'
    case 'may_not_revoke':
      return `Only members of ${rolesIn(approval).join(', ')}, those who voted, and admins can revoke this. Your click changed nothing. If it must not run, tell one of them now.`
    case 'frozen':
      return `Nothing of this can be approved: it is frozen${approval.freeze ? ` (${approval.freeze.reason})` : ''}. You can still reject it; its time stands still until the freeze is lifted.`
    case 'not_due':
      return 'It is too early for this. Nothing was changed.'
  }
}

/** What there is left to do about what is decided. */
function afterwards(approval: Approval): string {
  if (isUnspent(approval)) return ' If it must not run, press Revoke on its card as long as it has not begun.'
  return approval.status === 'approved' ? '' : ' Should it run after all, its agent has to ask anew.'
}

function decider(approval: Approval): string {
  return approval.decision?.by.type === 'human' ? ` by ${approval.decision.by.name}` : ''
}
