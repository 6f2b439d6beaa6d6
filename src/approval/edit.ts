import { unattended } from './attended.ts'
import type { Approval, JsonObject, StageState } from './approval.ts'
import {
  formOpened,
  heldRoles,
  human,
  refuseClick,
  refusedClick,
  type ClickInput,
  type Refusal,
} from './click.ts'
import { combined } from './combine.ts'
import type { Outcome } from './decide.ts'
import { hasReadDetails } from './details.ts'
import { difference, touchedKeys } from './difference.ts'
import { canBeApproved, canBeEdited, editableKeys, effective } from './effective.ts'
import type { Evaluation, Fact } from './events.ts'
import { beginLadder, moveEnd, nextTimer } from './ladder.ts'
import type { Plan } from './plan.ts'
import { newStage } from './stage.ts'
import { cast, excluded, isSilence, refuseApprover, settle, withVote } from './vote.ts'

/**
 * An approver changes the arguments, and approves what comes of it. `begin_edit` is the click that opens the form: it is
 * judged like the edit to come, so that nobody fills in a form for nothing.
 */
export type EditInput = BeginEdit | Edit
type BeginEdit = ClickInput & { type: 'begin_edit' }
type Edit = ClickInput & {
  type: 'edit'
  /** All of the arguments as they would become, and the digest of the tool with them. */
  arguments: JsonObject
  digest: string
  /** What the policy asks for that, and how it came to it. */
  plan: Plan
  evaluation: Evaluation
  note: string | null
}

/** Why an edit cannot count; `detail` where the word does not say it all. */
type Refused = { because: Refusal; detail?: string }

/**
 * The edited action is asked anew, from the first stage on: whoever approved has approved something else. All that was
 * asked for before stays asked for. The editor's own approval counts at the first stage that they have a role in.
 */
export function edit(approval: Approval, input: EditInput, now: Date, frozen: boolean): Outcome {
  const note = input.type === 'edit' ? input.note : null
  const because = refuseEditor(approval, input) ?? (frozen ? 'frozen' : null)
  if (because !== null) return refusedClick(approval, input, 'edit', because, note)
  if (input.type === 'begin_edit') return formOpened(approval, input, 'edit')
  const asked = askAnew(approval, input, now)
  const place = asked.stages.findIndex((stage) => heldRoles(stage, input.membership).length > 0)
  const refused = refuseEdit(approval, input) ?? refuseApproval(approval, asked, place, input)
  if (refused) return refusedClick(approval, input, 'edit', refused.because, note, refused.detail)
  return approveEdited(approval, asked, place, input, now)
}

/** Why this person cannot edit: whatever keeps somebody from approving keeps them from that too. */
export function refuseEditor(approval: Approval, click: ClickInput): Refusal | null {
  return (
    refuseClick(approval, click) ?? (canBeEdited(approval) ? refuseApprover(approval, click) : 'not_allowed')
  )
}

/** Why the action cannot become this. */
function refuseEdit(approval: Approval, { arguments: edited, digest, plan }: Edit): Refused | null {
  if (digest === effective(approval).digest) return { because: 'unchanged' }
  const touched = touchedKeys(effective(approval).arguments, edited)
  const others = touched.filter((key) => !editableKeys(approval).includes(key))
  if (others.length > 0) return { because: 'not_editable', detail: others.join(', ') }
  if (plan.effect !== 'deny') return null
  const rule = plan.rule === null ? 'the defaults' : `the rule ${plan.rule}`
  return { because: 'denied_by_policy', detail: `${rule}${plan.reason === null ? '' : `: ${plan.reason}`}` }
}

/** Why the editor could not approve what it would become; then it is not theirs to make either. */
function refuseApproval(before: Approval, asked: Approval, place: number, edit: Edit): Refused | null {
  const { by, note } = edit
  const could = place >= 0 && excluded(asked, place, by.slack_user_id) === null && canBeApproved(asked)
  if (!could) return { because: 'not_yours_to_approve' }
  // What it becomes is the editor's own; what it was they have to have read.
  if (!hasReadDetails({ ...before, plan: asked.plan }, by)) return { because: 'details_unopened' }
  return asked.plan.require_reason && isSilence(note) ? { because: 'reason_missing' } : null
}

function askAnew(approval: Approval, input: Edit, now: Date): Approval {
  const { arguments: edited, digest, by, note } = input
  const plan = combined(approval.plan, approval.stages, input.plan)
  const end = new Date(Math.min(approval.expires_at.getTime(), now.getTime() + plan.expires_in_ms))
  const anew: Approval = {
    ...unattended(approval),
    edited: {
      arguments: edited,
      digest,
      by: { slack_user_id: by.slack_user_id, name: by.name },
      note,
      at: now,
    },
    revision: approval.revision + 1,
    plan,
    stages: plan.stages.map((stage, i): StageState => {
      const { escalated_to = [], opened_at = null } = approval.stages[i] ?? {}
      const fresh = newStage(stage, i, now)
      // Who was asked too stays asked, and a card that was posted stays.
      return { ...fresh, escalated_to, opened_at: fresh.opened_at ?? opened_at }
    }),
    unreachable: null,
  }
  return beginLadder(moveEnd(anew, end, now))
}

function approveEdited(approval: Approval, asked: Approval, place: number, input: Edit, now: Date): Outcome {
  const { by, membership, seen, note } = input
  const vote = {
    by,
    seen,
    membership,
    vote: 'approve' as const,
    stage: place,
    revision: asked.revision,
    comment: note,
  }
  const voted = withVote(asked, vote, now)
  const told = [edited(approval, asked, input), cast(voted, vote)]
  const settled = settle(voted, told, human(by), note, now)
  // The ladder began anew, also where the stage is the same.
  const isWaiting = settled.next.status === 'pending'
  return isWaiting ? { ...settled, effects: [{ do: 'show_cards' }, ...nextTimer(settled.next)] } : settled
}

function edited(approval: Approval, asked: Approval, input: Edit): Fact {
  const before = effective(approval)
  const votes = approval.stages.flatMap((stage) => stage.votes)
  const { stage, revision, seen, note, evaluation } = input
  return {
    type: 'action.edited',
    actor: human(input.by),
    data: {
      stage,
      revision,
      seen,
      note,
      original_digest: approval.action_digest,
      from_digest: before.digest,
      to_digest: input.digest,
      changes: difference(before.arguments, input.arguments),
      voided: votes.map(({ by }) => ({ slack_user_id: by.slack_user_id, name: by.name })),
      plan: asked.plan,
      evaluation,
      expires_at: asked.expires_at,
    },
  }
}
