import { recordAct } from './acts.ts'
import { appendAdminEvents, type NewEvent } from './chain.ts'
import { reach, recording, type Database } from './database.ts'
import type { NewJob } from './consequences.ts'
import { gather, onceFor } from './gather.ts'

export type AgentRow = {
  id: string
  name: string
  owner: string
  environment: string
  created_at: Date
  disabled_at: Date | null
  /** When it last used its key, to the minute. */
  last_seen_at: Date | null
}

export type KeyRow = { lookup: string; hash: string; expires_at: Date | null }

/** What proves an agent to us, and us to it. `sealed` is the callback secret; see `platform/seal.ts`. */
export type NewSecrets = { key: Pick<KeyRow, 'lookup' | 'hash'>; sealed: string }

type FoundKey = { key: KeyRow; agent: AgentRow }

/** The key found by its first part, with the agent that it belongs to. Whoever asks at the same time shares a query. */
export async function findKey(database: Database, lookup: string): Promise<FoundKey | null> {
  return foundTogether(database)(lookup)
}

const foundTogether = onceFor((database: Database) =>
  gather((lookups: string[]) => reach(() => findKeys(database, lookups))),
)

async function findKeys(database: Database, lookups: string[]): Promise<(FoundKey | null)[]> {
  const text = `select k.lookup, k.hash, k.expires_at, a.id, a.name, a.owner, a.environment, a.created_at, a.disabled_at,
      a.last_seen_at
    from api_key k join agent a on a.id = k.agent_id where k.lookup = any($1::text[])`
  const values = [[...new Set(lookups)]]
  const { rows } = await database.pool.query<KeyRow & AgentRow>({ name: 'find-keys', text, values })
  const found = new Map(
    rows.map(({ lookup, hash, expires_at, ...agent }) => [
      lookup,
      { key: { lookup, hash, expires_at }, agent },
    ]),
  )
  return lookups.map((lookup) => found.get(lookup) ?? null)
}

/** False where the name is taken: nothing was written. */
export async function addAgent(
  database: Database,
  agent: AgentRow,
  { key, sealed }: NewSecrets,
  event: NewEvent,
): Promise<boolean> {
  const { id, name, owner, environment, created_at } = agent
  const text = `with added as (
      insert into agent (id, name, owner, environment, created_at) values ($1, $2, $3, $4, $5)
      on conflict (name) do nothing returning id
    ), new_key as (
      insert into api_key (lookup, hash, agent_id, created_at) select $6, $7, id, $5 from added
    ), new_secret as (
      insert into callback_secret (agent_id, sealed, created_at) select id, $8, $5 from added
    )
    select id from added`
  return recording(database, async (client) => {
    const values = [id, name, owner, environment, created_at, key.lookup, key.hash, sealed]
    const { rowCount } = await client.query(text, values)
    if (rowCount === 1) await appendAdminEvents(client, created_at, [event])
    return rowCount === 1
  })
}

/**
 * Gives an agent a new key and a new callback secret, and an end to the old ones: at `old_until`, or when they were to
 * end anyway, if that is earlier. Callback secrets whose time is over are forgotten.
 *
 * @param build is called once this is the only rotation of the agent under way, with the first parts of the keys that
 *   were good until now
 */
export async function rotateAgent(
  database: Database,
  agent_id: string,
  now: () => Date,
  build: (at: Date, old_keys: string[]) => NewSecrets & { old_until: Date; event: NewEvent },
): Promise<void> {
  await recording(database, async (client) => {
    // Two rotations at once would not see one another's new key, and leave it without an end.
    await client.query('select from agent where id = $1 for update', [agent_id])
    const at = now()
    const { rows } = await client.query<{ lookup: string }>(
      'select lookup from api_key where agent_id = $1 and (expires_at is null or expires_at > $2) order by created_at',
      [agent_id, at],
    )
    const old_keys = rows.map(({ lookup }) => lookup)
    const { key, sealed, old_until, event } = build(at, old_keys)
    await client.query(
      `with old_key as (update api_key set expires_at = least(expires_at, $2) where agent_id = $1)
       update callback_secret set retires_at = least(retires_at, $2) where agent_id = $1`,
      [agent_id, old_until],
    )
    await client.query('delete from callback_secret where agent_id = $1 and retires_at <= $2', [agent_id, at])
    await client.query(
      `with new_key as (insert into api_key (lookup, hash, agent_id, created_at) values ($3, $4, $1, $2))
       insert into callback_secret (agent_id, sealed, created_at) values ($1, $5, $2)`,
      [agent_id, at, key.lookup, key.hash, sealed],
    )
    await appendAdminEvents(client, at, [event])
  })
}

/** Keeps in mind that an agent used its key. */
export async function markSeen(database: Database, id: string, at: Date): Promise<void> {
  const text = 'update agent set last_seen_at = greatest(last_seen_at, $2) where id = $1'
  await reach(() => database.pool.query({ name: 'mark-seen', text, values: [id, at] }))
}

export async function listAgents(database: Database): Promise<AgentRow[]> {
  return reach(() => database.prisma.agent.findMany({ orderBy: { name: 'asc' } }))
}

/** What became of an agent's requests. What is pending or was taken back is not decided. */
export type AgentUse = { requests: number; approved: number; decided: number }

/** By the agents' ids: what came of that which they asked for since `since`. */
export async function agentsUse(database: Database, since: Date): Promise<Map<string, AgentUse>> {
  const text = `select agent_id, count(*)::int as requests, count(*) filter (where status = 'approved')::int as approved,
      count(*) filter (where status in ('approved', 'rejected', 'expired'))::int as decided
    from approval where created_at >= $1 and agent_id in (select id from agent) group by agent_id`
  const { rows } = await reach(() =>
    database.pool.query<AgentUse & { agent_id: string }>({ name: 'agents-use', text, values: [since] }),
  )
  return new Map(rows.map(({ agent_id, ...use }) => [agent_id, use]))
}

/**
 * Turns an agent off or on, with the audit event of it and, if there is any, a job that sees to what follows. False where
 * it was so already, or there is no such agent: nothing was written.
 */
export async function switchAgent(
  database: Database,
  id: string,
  disabled_at: Date | null,
  at: Date,
  event: NewEvent,
  job: NewJob | null,
): Promise<boolean> {
  const text =
    'update agent set disabled_at = $2 where id = $1 and (disabled_at is null) = ($2::timestamptz is not null)'
  return recording(database, async (client) => {
    const { rowCount } = await client.query(text, [id, disabled_at])
    if (rowCount === 1) await recordAct(client, at, event, job ? [job] : [])
    return rowCount === 1
  })
}

export async function findAgent(database: Database, name: string): Promise<AgentRow | null> {
  return reach(() => database.prisma.agent.findUnique({ where: { name } }))
}

export async function findAgentById(database: Database, id: string): Promise<AgentRow | null> {
  return reach(() => database.prisma.agent.findUnique({ where: { id } }))
}
