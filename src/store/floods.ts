import type pg from 'pg'
import { approvalColumns, approvalSource, toApproval, type ApprovalRow } from './approval-rows.ts'
import type { Approval } from '../approval/approval.ts'
import { reach, type Database } from './database.ts'

/** An agent asks this much at once when so many requests lie no further apart than that. */
export const floodMs = 60_000

export type FloodRow = {
  id: string
  agent_name: string
  channel: string
  most: number
  began_at: Date
}

/** Where an approval has no card of its own; `opened` once somebody asked for it. */
export type GatheredRow = { flood_id: string; opened: boolean }

/** What has become of a flood's requests; `waiting` are those whose stage is still open there. */
export type FloodCounts = { waiting: number; total: number } & Partial<Record<Approval['status'], number>>

/** One that still waits; `stage` is the one that was gathered. */
export type FloodMember = { approval: Approval; stage: number; opened: boolean }

export async function findGathered(
  database: Database,
  approval_id: string,
  stage: number,
  channel: string,
): Promise<GatheredRow | null> {
  const text = `select flood_id, opened_at is not null as opened from gathered
    where approval_id = $1 and stage = $2 and channel = $3`
  const values = [approval_id, stage, channel]
  const { rows } = await reach(() =>
    database.pool.query<GatheredRow>({ name: 'find-gathered', text, values }),
  )
  return rows[0] ?? null
}

/**
 * Whether the agent's request came after more than `most` others of its that these roles were asked about, all within a
 * minute. Tells the same of the same rows, whenever it is asked.
 */
export async function isFlooding(
  database: Database,
  { id, agent, created_at }: Pick<Approval, 'id' | 'agent' | 'created_at'>,
  roles: string[],
  most: number,
): Promise<boolean> {
  const text = `select count(*) > $6::int as flooding from (
      select from approval where agent_id = $1 and created_at > $2 and created_at <= $3
        and (created_at, id) <= ($3, $4) and roles && $5::text[] limit $6::int + 1
    ) asked`
  const since = new Date(created_at.getTime() - floodMs)
  const values = [agent.id, since, created_at, id, roles, most]
  const { rows } = await reach(() =>
    database.pool.query<{ flooding: boolean }>({ name: 'is-flooding', text, values }),
  )
  return rows[0]?.flooding === true
}

/**
 * Takes an approval into the agent's flood in a channel, or begins one where there is none: with it, the flood goes on for
 * a minute. `new_id` is for one that begins.
 */
export async function joinFlood(
  client: pg.PoolClient,
  { id, agent, created_at }: Pick<Approval, 'id' | 'agent' | 'created_at'>,
  card: { stage: number; role: string; channel: string },
  most: number,
  new_id: string,
): Promise<{ flood_id: string; began: boolean }> {
  const { stage, role, channel } = card
  // One flood where two replicas find it at the same moment.
  await client.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [
    floodLockClass,
    `${agent.id} ${channel}`,
  ])
  const since = new Date(created_at.getTime() - floodMs)
  const { rows } = await client.query<{ id: string }>(
    `update flood set last_at = greatest(last_at, $4), began_at = least(began_at, $4)
     where id = (select id from flood where agent_id = $1 and channel = $2 and last_at > $3
       order by last_at desc limit 1) returning id`,
    [agent.id, channel, since, created_at],
  )
  const flood_id = rows[0]?.id ?? new_id
  if (!rows[0])
    await client.query(
      `insert into flood (id, agent_id, agent_name, channel, most, began_at, last_at) values ($1, $2, $3, $4, $5, $6, $6)`,
      [new_id, agent.id, agent.name, channel, most, created_at],
    )
  await client.query(
    `insert into gathered (approval_id, stage, channel, role, flood_id) values ($1, $2, $3, $4, $5)`,
    [id, stage, channel, role, flood_id],
  )
  return { flood_id, began: !rows[0] }
}

/** The class of the advisory locks on an agent's floods in a channel. */
const floodLockClass = 0x4353_464c

/** Asks for a gathered approval's own card; null where it is not of that flood. Harmless when it is done twice. */
export async function openGathered(
  database: Database,
  { flood_id, approval_id, stage }: { flood_id: string; approval_id: string; stage: number },
  at: Date,
): Promise<{ role: string; channel: string } | null> {
  const text = `update gathered set opened_at = coalesce(opened_at, $4)
    where flood_id = $1 and approval_id = $2 and stage = $3 returning role, channel`
  const values = [flood_id, approval_id, stage, at]
  const { rows } = await reach(() =>
    database.pool.query<{ role: string; channel: string }>({ name: 'open-gathered', text, values }),
  )
  return rows[0] ?? null
}

/** The flood and what has become of its requests; null where it is not known. */
export async function findFlood(
  database: Database,
  id: string,
): Promise<{ flood: FloodRow; counts: FloodCounts } | null> {
  const flood = await reach(() =>
    database.prisma.flood.findUnique({
      where: { id },
      select: { id: true, agent_name: true, channel: true, most: true, began_at: true },
    }),
  )
  if (!flood) return null
  const text = `select case when a.status = 'pending' and ${stillOpen} then 'waiting' else a.status end as state,
      count(*)::int as count from gathered g join approval a on a.id = g.approval_id where g.flood_id = $1 group by 1`
  const { rows } = await reach(() =>
    database.pool.query<{ state: keyof FloodCounts; count: number }>({
      name: 'count-flood',
      text,
      values: [id],
    }),
  )
  const total = rows.reduce((sum, { count }) => sum + count, 0)
  const counts = Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  return { flood, counts: { waiting: 0, ...counts, total } }
}

/** Those of its requests that still wait there, the nearest deadline first. */
export async function listWaiting(
  database: Database,
  flood_id: string,
  { from, limit }: { from: number; limit: number },
): Promise<FloodMember[]> {
  const text = `select ${approvalColumns}, g.stage as gathered_stage, g.opened_at is not null as opened
    from ${approvalSource} join gathered g on g.approval_id = a.id
    where g.flood_id = $1 and a.status = 'pending' and ${stillOpen}
    order by a.expires_at, a.id offset $2::int limit $3::int`
  const { rows } = await reach(() =>
    database.pool.query<ApprovalRow & { gathered_stage: number; opened: boolean }>({
      name: 'list-flood',
      text,
      values: [flood_id, from, limit],
    }),
  )
  return rows.map((row) => ({ approval: toApproval(row), stage: row.gathered_stage, opened: row.opened }))
}

const stillOpen = `(a.stages::json->g.stage)->>'status' = 'open'`
