import type { ReportedOutcome } from '../approval/approval.ts'
import type { ConsumedPermit, ConsumeRequest, KnownAgent, Reported } from './agent-desk.ts'
import { change } from './change.ts'
import type { FlowParts } from './flow.ts'

/**
 * Lets one execution run what a permit is for. Whoever asks at the same time waits at the approval's lock, and the first
 * has it. A permit that is not this agent's is none: nothing says whether it is anybody's.
 */
export async function consumePermit(
  parts: FlowParts,
  agent: KnownAgent,
  { permit, execution_id, action_digest }: ConsumeRequest,
): Promise<ConsumedPermit> {
  const id = await parts.permits.read(permit)
  if (id === null) return { kind: 'not_a_permit' }
  const input = { type: 'consume', by: agent, execution_id, action_digest } as const
  const changed = await change(parts, id, ({ approval }) =>
    approval.agent.id === agent.id && approval.permit === permit ? input : null,
  )
  if (!changed) return { kind: 'not_a_permit' }
  const { approval, reply } = changed
  if (!reply.counted) return { kind: 'refused', because: reply.because, approval }
  const { consumed } = approval
  if (!consumed) throw new Error(`the permit of ${id} was used, and the approval does not say so`)
  return { kind: 'consumed', approval, consumed }
}

/** Keeps what an agent says came of an approved action. */
export async function reportOutcome(
  parts: FlowParts,
  agent: KnownAgent,
  id: string,
  outcome: ReportedOutcome,
): Promise<Reported> {
  const input = { type: 'report_outcome', by: agent, outcome } as const
  const changed = await change(parts, id, ({ approval }) => (approval.agent.id === agent.id ? input : null))
  if (!changed) return { kind: 'not_found' }
  const { approval, reply } = changed
  return reply.counted
    ? { kind: 'reported', approval }
    : { kind: 'refused', because: reply.because, approval }
}
