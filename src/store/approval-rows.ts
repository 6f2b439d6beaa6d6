import type {
  Approval,
  Consumed,
  Decision,
  Edited,
  Escalation,
  Question,
  Request,
  StageState,
  Vote,
  Withdrawn,
} from '../approval/approval.ts'
import { writtenRoles, type OfOneRole, type Plan, type PlanStage } from '../approval/plan.ts'

/** What PostgreSQL gives for a row of `approval` with the newest callback about its decision beside it. */
export type ApprovalRow = {
  id: string
  agent_id: string
  agent_name: string
  agent_owner: string
  body_hash: string | null
  status: Approval['status']
  revision: number
  created_at: Date
  expires_at: Date
  decided_at: Date | null
  request: Asked
  edited: Stored<Edited> | null
  plan: Omit<Plan, 'stages'> & { stages: Earlier<PlanStage>[] }
  stages: Earlier<Stored<StageState>>[]
  escalation: Stored<Escalation>
  unreachable: string | null
  decision: Stored<Decision> | null
  freeze: Stored<Approval['freeze']>
  withdrawn: Stored<Withdrawn> | null
  details_opened: Approval['details_opened']
  assigned: Stored<Approval['assigned']>
  on_it: Stored<Approval['on_it']>
  questions: Stored<Question>[]
  permit: string | null
  consumed: Stored<Consumed> | null
  outcome: Stored<Approval['outcome']>
  missed_at: Date | null
  events: number
  head: Buffer
  callback_status: Approval['callback']['status'] | null
  callback_attempts: number | null
}

/** The part of an approval that came with the request and is kept as one JSON text. */
type Asked = Omit<Request, 'expires_in_ms' | 'allowed_decisions'>

/** Rows that were written while a stage could have one role only are read like any other. */
type Earlier<Stage extends { roles: unknown }> = Stage | (Omit<Stage, 'roles'> & OfOneRole)

/** The same with each date as the text that JSON made of it. */
type Stored<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Stored<U>[]
    : T extends object
      ? { [K in keyof T]: Stored<T[K]> }
      : T

/** Select list and joins for rows that `toApproval` reads; the approval's alias is `a`. */
export const approvalColumns = `a.id, a.agent_id, a.agent_name, a.agent_owner, a.body_hash, a.status, a.revision, a.created_at,
  a.expires_at, a.decided_at, a.request, a.edited, a.plan, a.stages, a.escalation, a.unreachable, a.decision, a.freeze,
  a.withdrawn, a.details_opened, a.assigned, a.on_it, a.questions, a.permit, a.consumed, a.outcome, a.missed_at, a.events, a.head,
  c.status as callback_status, c.attempts as callback_attempts`
export const approvalSource = `approval a left join lateral
  (select status, attempts from callback where approval_id = a.id and type = 'approval.' || a.status
   order by created_at desc, id desc limit 1) c on true`

export function toApproval(row: ApprovalRow): Approval {
  return {
    ...row.request,
    id: row.id,
    agent: { id: row.agent_id, name: row.agent_name, owner: row.agent_owner },
    status: row.status,
    revision: row.revision,
    created_at: row.created_at,
    expires_at: row.expires_at,
    decided_at: row.decided_at,
    edited: dated(row.edited),
    // Rows of before secrets were hidden, reasons could be chosen, or arguments edited, name none.
    plan: {
      ...row.plan,
      masked: row.plan.masked ?? [],
      reject_reasons: row.plan.reject_reasons ?? [],
      stages: row.plan.stages.map((stage) => ({ ...stage, roles: writtenRoles(stage) })),
      editable: row.plan.editable ?? [],
    },
    stages: row.stages.map((stage) => ({
      ...stage,
      roles: writtenRoles(stage),
      opened_at: toDate(stage.opened_at),
      votes: stage.votes.map((vote): Vote => ({ ...vote, at: new Date(vote.at) })),
    })),
    escalation: { ...row.escalation, next_at: toDate(row.escalation.next_at) },
    unreachable: row.unreachable,
    decision: dated(row.decision),
    freeze: dated(row.freeze),
    withdrawn: dated(row.withdrawn),
    details_opened: row.details_opened,
    assigned: dated(row.assigned),
    on_it: dated(row.on_it),
    questions: row.questions.map((question) => ({
      ...question,
      at: new Date(question.at),
      answer: dated(question.answer),
    })),
    permit: row.permit,
    consumed: dated(row.consumed),
    outcome: dated(row.outcome),
    missed_at: row.missed_at,
    callback: { status: row.callback_status ?? 'none', attempts: row.callback_attempts ?? 0 },
  }
}

/** What the agent asked for, to be kept as text: keys keep their order and `state` is echoed as it came. */
export function asked(approval: Approval): Asked {
  return {
    action: approval.action,
    action_digest: approval.action_digest,
    risk: approval.risk,
    environment: approval.environment,
    run_id: approval.run_id,
    on_behalf_of: approval.on_behalf_of,
    subject: approval.subject,
    links: approval.links,
    metadata: approval.metadata,
    arguments_schema: approval.arguments_schema,
    before: approval.before,
    callback_url: approval.callback_url,
    state: approval.state,
    retry_of: approval.retry_of,
  }
}

function dated<T extends { at: string }>(stored: T | null): (Omit<T, 'at'> & { at: Date }) | null {
  return stored === null ? null : { ...stored, at: new Date(stored.at) }
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
