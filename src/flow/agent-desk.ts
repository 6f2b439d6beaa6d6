import type { Approval, Consumed, ReportedOutcome, Request, Status } from '../approval/approval.ts'
import type { AnswerRefusal } from '../approval/question.ts'
import type { OutcomeRefusal } from '../approval/outcome.ts'
import type { PermitRefusal } from '../approval/permit.ts'
import type { Run, RunReport } from '../approval/run.ts'
import type { PublicJwk } from '../platform/permit-token.ts'
import type { Foreseen } from './foresee.ts'
import type { FindVoters } from './prospects.ts'

/** An agent whose key was proven. */
export type KnownAgent = { id: string; name: string; owner: string; environment: string; disabled: boolean }

/** The agent's idempotency key with the SHA-256 of the canonical JSON of the body it came with. */
export type Idempotency = { key: string; body_hash: string }

export type Opened =
  | { kind: 'opened' | 'replayed'; approval: Approval }
  /** The idempotency key was used before, with another body. */
  | { kind: 'key_reused' }

export type Cancelled = { kind: 'cancelled' | 'already_decided'; approval: Approval } | { kind: 'not_found' }

/** An execution that asks for leave to run what `action_digest` is the digest of. */
export type ConsumeRequest = { permit: string; execution_id: string; action_digest: string }

export type ConsumedPermit =
  | { kind: 'consumed'; approval: Approval; consumed: Consumed }
  | { kind: 'refused'; because: PermitRefusal; approval: Approval }
  /** It is not ours, or another agent's. */
  | { kind: 'not_a_permit' }

export type Reported =
  | { kind: 'reported'; approval: Approval }
  | { kind: 'refused'; because: OutcomeRefusal; approval: Approval }
  | { kind: 'not_found' }

/** The agent's words, to one of the questions that it was asked. */
export type QuestionAnswer = { question_id: string; text: string }

export type Answered =
  | { kind: 'answered'; approval: Approval }
  | { kind: 'refused'; because: AnswerRefusal; approval: Approval }
  | { kind: 'not_found' }

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
  /** What would become of it if it was asked for now. Nothing is stored. */
  foresee(agent: KnownAgent, request: Request, find: FindVoters): Promise<Foreseen>
  /** Null where there is none or it is another agent's. */
  find(agent: KnownAgent, id: string): Promise<Approval | null>
  /** Resolves as soon as the approval is terminal, at `until` otherwise, or early when `signal` aborts. */
  waitUntilDecided(agent: KnownAgent, id: string, until: Date, signal: AbortSignal): Promise<Approval | null>
  /** Newest first. `next` is the last row's place where there are more, else null. */
  list(agent: KnownAgent, filter: ListFilter, page: Page): Promise<{ data: Approval[]; next: Page['cursor'] }>
  cancel(agent: KnownAgent, id: string, reason: string | null): Promise<Cancelled>
  consume(agent: KnownAgent, asked: ConsumeRequest): Promise<ConsumedPermit>
  report(agent: KnownAgent, id: string, outcome: ReportedOutcome): Promise<Reported>
  answer(agent: KnownAgent, id: string, answer: QuestionAnswer): Promise<Answered>
  /** Keeps what an agent says of one of its runs, in the place of what it said before. */
  keepRun(agent: KnownAgent, run_id: string, run: RunReport): Promise<Run>
  /** The public keys of all permits that may still be good. */
  permitKeys(): Promise<PublicJwk[]>
}
