import type { Approval } from '../approval/approval.ts'
import { nextMoment } from '../approval/ladder.ts'
import { askedJson } from './approval-rows.ts'
import { consequenceParts, consequenceValues, type Consequences } from './consequences.ts'
import { write, type Database } from './database.ts'

export type OpenResult =
  | 'opened'
  /** The agent's idempotency key is taken: nothing was written. */
  | 'key_taken'
  /** The policy that the plan was made with is no longer the newest: nothing was written. */
  | 'policy_changed'

const statement = `with
  newest as (select coalesce(max(version), 0) as version from policy_version),
  changed as (
    insert into approval (id, agent_id, agent_name, agent_owner, idempotency_key, body_hash, status, revision, created_at,
      expires_at, decided_at, tool, run_id, request, plan, stages, escalation, unreachable, decision, events, due_at)
    select $13, $14, $15, $16, $17, $18, $19, $20::int, $21::timestamptz, $22::timestamptz, $23::timestamptz, $24, $25, $26::json,
      $27::json, $28::json, $29::json, $30, $31::json, $32::int, $34::timestamptz
    from newest where newest.version = $33::int
    on conflict (agent_id, idempotency_key) do nothing
    returning id
  ), ${consequenceParts}
  select newest.version = $33::int as current, exists (select from changed) as opened from newest`

/**
 * A new approval with everything that follows from it, in one statement: one round trip, one commit. It is written
 * only while `approval.plan.policy_version` is the newest, so that a policy counts from the moment it is saved.
 */
export async function openApproval(
  database: Database,
  approval: Approval,
  idempotency: { key: string; body_hash: string } | null,
  consequences: Consequences,
): Promise<OpenResult> {
  const { rows } = await write<{ current: boolean; opened: boolean }>(database, {
    name: 'open-approval',
    text: statement,
    values: [
      ...consequenceValues(consequences, approval.created_at),
      approval.id,
      approval.agent.id,
      approval.agent.name,
      approval.agent.owner,
      idempotency?.key ?? null,
      idempotency?.body_hash ?? null,
      approval.status,
      approval.revision,
      approval.created_at,
      approval.expires_at,
      approval.decided_at,
      approval.action.tool,
      approval.run_id,
      askedJson(approval),
      JSON.stringify(approval.plan),
      JSON.stringify(approval.stages),
      JSON.stringify(approval.escalation),
      approval.unreachable,
      approval.decision === null ? null : JSON.stringify(approval.decision),
      consequences.events.length,
      approval.plan.policy_version,
      nextMoment(approval)?.at ?? null,
    ],
  })
  if (rows[0]?.opened) return 'opened'
  return rows[0]?.current ? 'key_taken' : 'policy_changed'
}
