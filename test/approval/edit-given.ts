import type { JsonObject } from '../../src/approval/approval.ts'
import type { EditInput } from '../../src/approval/edit.ts'
import type { Plan } from '../../src/approval/plan.ts'
import { approve, person, planOf, type Member } from './given.ts'

type Edit = Extract<EditInput, { type: 'edit' }>

/** A plan under which the amount and the note may be edited. */
export const editing: Partial<Plan> = {
  allowed_decisions: ['approve', 'edit', 'reject'],
  editable: ['amount', 'note'],
}

/** What is asked for where nobody edited anything; see `requestOf`. */
export const asked: JsonObject = { charge: 'ch_1', amount: 240 }

/** Any digest will do as long as other arguments have another one. */
export function digestOf(given: JsonObject): string {
  return JSON.stringify(given) === JSON.stringify(asked)
    ? `sha256:${'5e'.repeat(32)}`
    : `sha256 of ${JSON.stringify(given)}`
}

/**
 * An edit on the first stage's card as it was posted, unless `changes` say otherwise.
 *
 * @param ruled what the policy asks for what it becomes, where that is something else
 */
export function edit(
  by: Member,
  becomes: JsonObject,
  changes: Partial<Edit> = {},
  ruled: Partial<Plan> = {},
): Edit {
  const { stage, revision, seen, membership } = approve(by)
  const edited = { ...asked, ...becomes }
  return {
    type: 'edit',
    by: person(by),
    stage,
    revision,
    seen,
    membership,
    arguments: edited,
    digest: digestOf(edited),
    plan: planOf({ ...editing, ...ruled }),
    evaluation: { faults: [], history: {} },
    note: null,
    ...changes,
  }
}
