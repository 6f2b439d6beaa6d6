import type { Action } from '../../src/approval/approval.ts'
import type { PolicyInput } from '../../src/policy/index.ts'

/** A small refund by an agent of Dave's; `action` and `other` replace what a test is about. */
export function requestOf(action: Partial<Action> = {}, other: Partial<PolicyInput> = {}): PolicyInput {
  return {
    action: {
      tool: 'stripe.refund',
      arguments: { amount: 24 },
      summary: null,
      justification: null,
      ...action,
    },
    risk: 'medium',
    environment: 'production',
    run_id: null,
    on_behalf_of: null,
    subject: null,
    metadata: {},
    allowed_decisions: ['approve', 'reject'],
    expires_in_ms: null,
    agent: { name: 'refund-bot', owner: 'U_DAVE', environment: 'production' },
    ...other,
  }
}
