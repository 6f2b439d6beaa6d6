import type { ClickInput } from '../approval/click.ts'
import type { AskInput } from '../approval/question.ts'
import { newId } from '../platform/ids.ts'
import type { Answered, KnownAgent, QuestionAnswer } from './agent-desk.ts'
import { change, type Changed } from './change.ts'
import type { FlowParts } from './flow.ts'

/** `text` is null where the form for it is opened. */
export type Asking = ClickInput & { text: string | null }

/** Puts an approver's question to the agent. */
export function ask(
  parts: FlowParts,
  id: string,
  { text, ...click }: Asking,
): Promise<Changed<AskInput> | null> {
  const input: AskInput =
    text === null
      ? { type: 'begin_ask', ...click }
      : { type: 'ask', question: { id: newId('qst', parts.clock.now()), text }, ...click }
  return change(parts, id, input)
}

/** Keeps what an agent answers. */
export async function answerQuestion(
  parts: FlowParts,
  agent: KnownAgent,
  id: string,
  answer: QuestionAnswer,
): Promise<Answered> {
  const input = { type: 'answer', by: agent, ...answer } as const
  const changed = await change(parts, id, ({ approval }) => (approval.agent.id === agent.id ? input : null))
  if (!changed) return { kind: 'not_found' }
  const { approval, reply } = changed
  return reply.counted
    ? { kind: 'answered', approval }
    : { kind: 'refused', because: reply.because, approval }
}
