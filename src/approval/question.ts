import { isTerminal, type Approval, type Question } from './approval.ts'
import {
  formOpened,
  heldRoles,
  human,
  refuseClick,
  refusedClick,
  type ClickInput,
  type Refusal,
} from './click.ts'
import type { Effect, Outcome } from './decide.ts'
import type { Fact } from './events.ts'

/**
 * An approver asks the agent something. `begin_ask` is the click that opens the form for it. Deadlines go on meanwhile, and
 * nothing else waits for the answer.
 */
export type AskInput = ClickInput &
  ({ type: 'begin_ask' } | { type: 'ask'; question: Pick<Question, 'id' | 'text'> })

/** The agent answers. */
export type AnswerInput = { type: 'answer'; by: { name: string }; question_id: string; text: string }

/** Why an answer cannot be taken. */
export type AnswerRefusal = 'no_such_question' | 'answered' | 'decided'

/** More of them are no questions but a conversation. */
const mostQuestions = 20

export function ask(approval: Approval, input: AskInput, now: Date): Outcome {
  const because = refuse(approval, input)
  if (because !== null) {
    const text = input.type === 'ask' ? input.question.text : null
    return refusedClick(approval, input, 'ask', because, text)
  }
  if (input.type === 'begin_ask') return formOpened(approval, input, 'ask')
  const { stage, revision, by, membership } = input
  const { id, text } = input.question
  const roles = heldRoles(approval.stages[stage]!, membership)
  const question: Question = { id, text, by, stage, roles, at: now, answer: null }
  const called = approval.callback_url !== null
  const data = { stage, revision, question_id: id, text, roles, called }
  const call: Effect[] = called
    ? [{ do: 'call_back', type: 'approval.question', question: { id, text, by } }]
    : []
  return {
    next: { ...approval, questions: [...approval.questions, question] },
    facts: [{ type: 'question.asked', actor: human(by), data }],
    effects: [{ do: 'show_cards' }, ...call],
    reply: { counted: true },
  }
}

/** Everybody who may vote may ask, also whose approval would not count: an answer decides nothing. */
function refuse(approval: Approval, input: AskInput): Refusal | null {
  return refuseClick(approval, input) ?? (approval.questions.length < mostQuestions ? null : 'asked_enough')
}

/** Keeps an answer, once. The same again changes nothing and counts, also when all is decided meanwhile. */
export function answer(approval: Approval, { by, question_id, text }: AnswerInput, now: Date): Outcome {
  const question = approval.questions.find(({ id }) => id === question_id)
  const because = refuseAnswer(approval, question, text)
  if (because !== null) return { next: approval, facts: [], effects: [], reply: { counted: false, because } }
  if (question?.answer) return { next: approval, facts: [], effects: [], reply: { counted: true } }
  const questions = approval.questions.map((one) =>
    one === question ? { ...one, answer: { text, at: now } } : one,
  )
  const fact: Fact = {
    type: 'question.answered',
    actor: { type: 'agent', name: by.name },
    data: { question_id, text },
  }
  return {
    next: { ...approval, questions },
    facts: [fact],
    effects: [{ do: 'show_cards' }],
    reply: { counted: true },
  }
}

function refuseAnswer(
  approval: Approval,
  question: Question | undefined,
  text: string,
): AnswerRefusal | null {
  if (!question) return 'no_such_question'
  if (question.answer) return question.answer.text === text ? null : 'answered'
  return isTerminal(approval) ? 'decided' : null
}
