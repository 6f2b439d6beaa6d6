import type { Approval, Status } from '../approval/approval.ts'
import { approvalColumns, approvalSource, toApproval, type ApprovalRow } from './approval-rows.ts'
import { reach, type Database } from './database.ts'

export async function findApproval(database: Database, id: string): Promise<Approval | null> {
  const text = `select ${approvalColumns} from ${approvalSource} where a.id = $1`
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow>({ name: 'find-approval', text, values: [id] }),
  )
  return rows[0] ? toApproval(rows[0]) : null
}

/** Those of them that there are, in no order. */
export async function findApprovals(database: Database, ids: string[]): Promise<Approval[]> {
  const text = `select ${approvalColumns} from ${approvalSource} where a.id = any($1::text[])`
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow>({ name: 'find-approvals', text, values: [ids] }),
  )
  return rows.map(toApproval)
}

/** The approval that an agent opened with this key, with the hash of the body that came with it. */
export async function findByKey(
  database: Database,
  agent_id: string,
  key: string,
): Promise<{ approval: Approval; body_hash: string | null } | null> {
  const text = `select ${approvalColumns} from ${approvalSource} where a.agent_id = $1 and a.idempotency_key = $2`
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow>({ name: 'find-by-key', text, values: [agent_id, key] }),
  )
  return rows[0] ? { approval: toApproval(rows[0]), body_hash: rows[0].body_hash } : null
}

export type Place = { created_at: Date; id: string }

/** An agent's approvals, newest first, after `after` in that order; at most `limit`. */
export async function listApprovals(
  database: Database,
  of: { agent_id: string; status: Status | null; run_id: string | null; after: Place | null; limit: number },
): Promise<Approval[]> {
  const text = `select ${approvalColumns} from ${approvalSource}
    where a.agent_id = $1 and ($2::text is null or a.status = $2) and ($3::text is null or a.run_id = $3)
      and ($4::timestamptz is null or (a.created_at, a.id) < ($4::timestamptz, $5::text))
    order by a.created_at desc, a.id desc limit $6::int`
  const values = [
    of.agent_id,
    of.status,
    of.run_id,
    of.after?.created_at ?? null,
    of.after?.id ?? null,
    of.limit,
  ]
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow>({ name: 'list-approvals', text, values }),
  )
  return rows.map(toApproval)
}

/** The newest of all agents, at most `limit`: ids begin with their time, and have an index. */
export async function listRecent(database: Database, limit: number): Promise<Approval[]> {
  const text = `select ${approvalColumns} from ${approvalSource} order by a.id desc limit $1::int`
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow>({ name: 'list-recent', text, values: [limit] }),
  )
  return rows.map(toApproval)
}

/** The ids of an agent's pending approvals, with its name as they have it, at most `limit`. */
export async function listPendingOf(
  database: Database,
  agent_id: string,
  limit: number,
): Promise<{ id: string; name: string }[]> {
  const text = `select id, agent_name as name from approval where agent_id = $1 and status = 'pending' limit $2::int`
  const { rows } = await reach(() =>
    database.pool.query<{ id: string; name: string }>({
      name: 'list-pending-of',
      text,
      values: [agent_id, limit],
    }),
  )
  return rows
}

/** Whom an approval concerns: members of these roles, who asked for it, who owns its agent. Null for everybody. */
export type Concerned = { roles: string[]; slack_user_id: string } | null

/** Pending approvals, the nearest deadline first, at most `limit`; `count` is how many there are. */
export async function listPending(
  database: Database,
  concerned: Concerned,
  limit: number,
): Promise<{ approvals: Approval[]; count: number }> {
  const text = `select ${approvalColumns}, count(*) over ()::int as count from ${approvalSource}
    where a.status = 'pending'
      and ($1 or a.roles && $2::text[] or a.agent_owner = $3 or a.request->>'on_behalf_of' = $3)
    order by a.expires_at, a.id limit $4::int`
  const values = [concerned === null, concerned?.roles ?? [], concerned?.slack_user_id ?? '', limit]
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow & { count: number }>({ name: 'list-pending', text, values }),
  )
  return { approvals: rows.map(toApproval), count: rows[0]?.count ?? 0 }
}
