import type { TestAgent } from './agent.ts'
import type { SeenApproval } from './agent.ts'

/** What runs if the permit says so: what the approval says may run, unless a test has something else in mind. */
export type Execution = { execution_id: string; action?: object; permit?: string | null }

export type ConsumeAnswer = {
  status: number
  body: { type: string; detail: string; consumed_at: string; execution_id: string; approval_id: string }
}

/** An executor as one would write it: asks with the permit before it acts. */
export async function consume(
  agent: Pick<TestAgent, 'send'>,
  approval: SeenApproval,
  { execution_id, ...other }: Execution,
): Promise<ConsumeAnswer> {
  const { tool, arguments: given } = approval.effective_action ?? approval.action
  const body = { permit: approval.permit, action: { tool, arguments: given }, execution_id, ...other }
  return agent.send<ConsumeAnswer['body']>('POST', '/v1/permits/consume', body)
}
