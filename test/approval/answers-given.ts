import type { AssignInput } from '../../src/approval/assign.ts'
import type { OnItInput } from '../../src/approval/on-it.ts'
import type { AnswerInput, AskInput } from '../../src/approval/question.ts'
import type { RevokeInput } from '../../src/approval/revoke.ts'
import { agent, approve, person, type Member } from './given.ts'

// What approvers can say beside yes and no, on the first stage's card as it was posted.

export const question = { id: 'qst_1', text: 'Which of the two charges?' }

type Ask = Extract<AskInput, { type: 'ask' }>
type Assign = Extract<AssignInput, { type: 'assign' }>

function click(by: Member) {
  const { stage, revision, seen, membership } = approve(by)
  return { by: person(by), stage, revision, seen, membership }
}

export function ask(by: Member, changes: Partial<Ask> = {}): Ask {
  return { type: 'ask', ...click(by), question, ...changes }
}

export function answer(text: string, question_id = question.id): AnswerInput {
  return { type: 'answer', by: { name: agent.name }, question_id, text }
}

export function assign(by: Member, to: Member, changes: Partial<Assign> = {}): Assign {
  const to_membership = { readable: true as const, roles: to.roles }
  return { type: 'assign', to: person(to), to_membership, ...click(by), ...changes }
}

export function onIt(by: Member, changes: Partial<OnItInput> = {}): OnItInput {
  return { type: 'take_up', ...click(by), ...changes }
}

export function revoke(by: Member, changes: Partial<RevokeInput> = {}): RevokeInput {
  return { type: 'revoke', ...click(by), is_admin: false, comment: 'the customer called', ...changes }
}
