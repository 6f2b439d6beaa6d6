import { reach, type Database } from './database.ts'

/** Something that should have happened and did not. */
export type Gap =
  /** An approval whose next step is overdue. */
  | { kind: 'overdue_step'; approval_id: string }
  /** A pending approval whose open stage nobody was shown. */
  | { kind: 'missing_card'; approval_id: string }
  /** A callback that waits, and that no job tries. */
  | { kind: 'idle_callback'; approval_id: string; callback_id: string }
  /** An approval that is over, and whose agent wants to be told, without a callback. */
  | { kind: 'missing_callback'; approval_id: string }

// While timers that are due wait for their turn, as after a stop, lateness is no gap.
const overdue = `select 'overdue_step' as kind, id as approval_id, null as callback_id from approval
  where status in ('pending', 'approved') and due_at < $1
    -- What is frozen while it waits stands still, and what was just thawed is being seen to.
    and (status = 'approved' or not exists (select from "freeze" f
      where (f.agent_id is null or f.agent_id = approval.agent_id) and (f.lifted_at is null or f.lifted_at > $1)))
    and not exists (select from job where kind = 'sweep' and dead_at is null)
    and not exists (select from job where kind = 'timer' and due_at < $1 and dead_at is null)
  limit $3::int`
const unseen = `select 'missing_card', a.id, null from approval a
  cross join lateral json_array_elements(a.stages::json) with ordinality as stage (state, place)
  where a.status = 'pending' and a.created_at < $1 and a.unreachable is null
    and stage.state->>'status' = 'open' and (stage.state->>'opened_at')::timestamptz < $1
    and not exists (select from message m
      where m.approval_id = a.id and m.key = 'card:' || (stage.place - 1) and m.ts is not null)
    and not exists (select from gathered g where g.approval_id = a.id and g.stage = stage.place - 1 and g.opened_at is null)
    and not exists (select from job j where j.kind = 'card' and j.payload->>'approval_id' = a.id and j.dead_at is null)
  limit $3::int`
const untried = `select 'idle_callback', c.approval_id, c.id from callback c
  where c.status = 'pending' and c.created_at < $1
    and not exists (select from job j where j.lane = 'callback:' || c.id)
  limit $3::int`
const untold = `select 'missing_callback', a.id, null from approval a
  where a.status <> 'pending' and a.decided_at < $1 and a.decided_at > $2 and a.request->>'callback_url' is not null
    and not exists (select from callback c where c.approval_id = a.id and c.type = 'approval.' || a.status)
  limit $3::int`

/**
 * Looks for gaps: at what should have happened before `before`, and for missing callbacks back to `since`; at most
 * `limit` of each kind.
 */
export async function findGaps(database: Database, before: Date, since: Date, limit: number): Promise<Gap[]> {
  const text = [overdue, unseen, untried, untold].map((part) => `(${part})`).join(' union all ')
  const { rows } = await reach(() =>
    database.pool.query<Gap>({ name: 'find-gaps', text, values: [before, since, limit] }),
  )
  return rows
}

/** How many gaps were ever found and repaired. */
export async function countRepairs(database: Database): Promise<number> {
  const text = `select count(*)::int as count from event where type = 'auditor.repaired'`
  const { rows } = await reach(() => database.pool.query<{ count: number }>({ name: 'count-repairs', text }))
  return rows[0]?.count ?? 0
}
