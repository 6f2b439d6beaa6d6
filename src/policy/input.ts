import type { Request } from '../approval/approval.ts'

/** What a policy is asked about: a request and who makes it. */
export type PolicyInput = Pick<
  Request,
  | 'action'
  | 'risk'
  | 'environment'
  | 'run_id'
  | 'on_behalf_of'
  | 'subject'
  | 'metadata'
  | 'allowed_decisions'
  | 'expires_in_ms'
> & { agent: { name: string; owner: string; environment: string } }
