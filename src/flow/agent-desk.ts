import type { Approval, Request, Status } from '../approval/approval.ts'

/** An agent whose key was proven. */
export type KnownAgent = { id: string; name: string; owner: string; environment: string; disabled: boolean }

/** The agent's idempotency key with the SHA-256 of the canonical JSON of the body it came with. */
export type Idempotency = { key: string; body_hash: string }

export type Opened =
  | { kind: 'opened' | 'replayed'; approval: Approval }
  /** The idempotency key was used before, with another body. */
  | { kind: 'key_reused' }

export type Cancelled = { kind: 'cancelled' | 'already_decided'; approval: Approval } | { kind: 'not_found' }

export type Page = { limit: number; cursor: { created_at: Date; id: string } | null }
export type ListFilter = { status: Status | null; run_id: string | null }

/**
 * What an agent can have done with approvals. Every function throws `Unavailable` (platform) when the database is
 * away; nothing was changed then, unless it says `may_have_happened`.
 */
export type AgentDesk = {
  /** Null where no agent has this key. */
  authenticate(api_key: string): Promise<KnownAgent | null>
  open(agent: KnownAgent, request: Request, idempotency: Idempotency | null): Promise<Opened>
  /** Null where there is none or it is another agent's. */
  find(agent: KnownAgent, id: string): Promise<Approval | null>
  /** Resolves as soon as the approval is terminal, at `until` otherwise, or early when `signal` aborts. */
  waitUntilDecided(agent: KnownAgent, id: string, until: Date, signal: AbortSignal): Promise<Approval | null>
  /** Newest first. `next` is the last row's place where there are more, else null. */
  list(agent: KnownAgent, filter: ListFilter, page: Page): Promise<{ data: Approval[]; next: Page['cursor'] }>
  cancel(agent: KnownAgent, id: string, reason: string | null): Promise<Cancelled>
}
