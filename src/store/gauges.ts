import { reach, type Database } from './database.ts'

/** What is so right now. `frozen_agents` are names; null among them: everything. */
export type Gauges = { pending: number; dead_jobs: number; frozen_agents: (string | null)[] }

export async function readGauges(database: Database): Promise<Gauges> {
  const text = `select (select count(*)::int from approval where status = 'pending') as pending,
    (select count(*)::int from job where dead_at is not null) as dead_jobs,
    array(select distinct a.name from "freeze" f left join agent a on a.id = f.agent_id where f.lifted_at is null) as frozen_agents`
  const { rows } = await reach(() => database.pool.query<Gauges>({ name: 'read-gauges', text }))
  return rows[0] ?? { pending: 0, dead_jobs: 0, frozen_agents: [] }
}
