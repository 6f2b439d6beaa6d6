import type pg from 'pg'
import type { Freeze } from '../approval/freeze.ts'
import { recordAct } from './acts.ts'
import type { NewEvent } from './chain.ts'
import type { NewJob } from './consequences.ts'
import { reach, type Database, type RecordingClient } from './database.ts'
import { redrawHomes } from './homes.ts'

/** A freeze as JSON made in the database has it. */
export type StoredFreeze = Omit<Freeze, 'at' | 'lifted_at'> & { at: string; lifted_at: string | null }

export function toFreeze({ at, lifted_at, ...freeze }: StoredFreeze): Freeze {
  return { ...freeze, at: new Date(at), lifted_at: lifted_at === null ? null : new Date(lifted_at) }
}

/** The freezes that concern an approval's agent and were in force at any time since it was opened, as a JSON list. */
export const freezesOf = (approval: string) => `(select coalesce(json_agg(f), '[]') from (
    select id, agent_id, reason, at, lifted_at from "freeze"
    where (agent_id is null or agent_id = ${approval}.agent_id)
      and (lifted_at is null or lifted_at > ${approval}.created_at)
  ) f)`

/** The freeze in force of an agent, or with null that of everything. */
export async function freezeOf(client: pg.PoolClient, agent_id: string | null): Promise<Freeze | null> {
  const { rows } = await client.query<Freeze>(
    'select id, agent_id, reason, at, lifted_at from "freeze" where lifted_at is null and agent_id is not distinct from $1',
    [agent_id],
  )
  return rows[0] ?? null
}

export async function findFreeze(database: Database, id: string): Promise<Freeze | null> {
  return reach(() => database.prisma.freeze.findUnique({ where: { id } }))
}

export async function beginFreeze(
  client: RecordingClient,
  freeze: Freeze,
  event: NewEvent,
  jobs: NewJob[],
): Promise<void> {
  const { id, agent_id, reason, at } = freeze
  await client.query('insert into "freeze" (id, agent_id, reason, at) values ($1, $2, $3, $4)', [
    id,
    agent_id,
    reason,
    at,
  ])
  await redrawHomes(client, at)
  await recordAct(client, at, event, jobs)
}

export async function liftFreeze(
  client: RecordingClient,
  id: string,
  at: Date,
  event: NewEvent,
  jobs: NewJob[],
): Promise<void> {
  await client.query('update "freeze" set lifted_at = $2 where id = $1', [id, at])
  await redrawHomes(client, at)
  await recordAct(client, at, event, jobs)
}

/** Approvals that a freeze in force has not reached yet: approved ones that can be acted on, and waiting ones. */
export async function listUnfrozen(
  database: Database,
  { agent_id }: Freeze,
  now: Date,
  limit: number,
): Promise<string[]> {
  const text = `(select id from approval where unspent and valid_until > $1 and ($2::text is null or agent_id = $2) limit $3::int)
    union all
    (select id from approval where status = 'pending' and "freeze" is null and ($2::text is null or agent_id = $2) limit $3::int)`
  return ids(database, 'list-unfrozen', text, [now, agent_id, limit])
}

/** Waiting approvals that still know of a freeze which was lifted. */
export async function listFrozenBy(database: Database, freeze_id: string, limit: number): Promise<string[]> {
  const text = `select id from approval where status = 'pending' and "freeze"->>'id' = $1 limit $2::int`
  return ids(database, 'list-frozen-by', text, [freeze_id, limit])
}

async function ids(database: Database, name: string, text: string, values: unknown[]): Promise<string[]> {
  const { rows } = await reach(() => database.pool.query<{ id: string }>({ name, text, values }))
  return rows.map(({ id }) => id)
}

/** The freezes that were in force at any time from one moment to another, by the names of their agents; null is all. */
export async function freezesWithin(
  database: Database,
  from: Date,
  to: Date,
): Promise<{ agent: string | null; at: Date; lifted_at: Date | null }[]> {
  const text = `select a.name as agent, f.at, f.lifted_at from "freeze" f left join agent a on a.id = f.agent_id
    where f.at < $2 and (f.lifted_at is null or f.lifted_at > $1)`
  const query = { name: 'freezes-within', text, values: [from, to] }
  const { rows } = await reach(() =>
    database.pool.query<{ agent: string | null; at: Date; lifted_at: Date | null }>(query),
  )
  return rows
}
