import { reach, type Database } from './database.ts'

/** What an agent's runs came to, of those with a cost in this currency; of those without any where it is null. */
export type RunFigures = {
  agent: string
  currency: string | null
  /** Decimal text. */
  cost: string | null
  runs: number
  succeeded: number
  /** Of the runs that said how many of their tool calls failed: all calls, and those. */
  calls_with_errors: number
  errors: number
  /** Of those that said how many were retries. */
  calls_with_retries: number
  retries: number
}

/** Of the runs that were last written in this time; `agent` is a name, null for all. */
export async function runFigures(
  database: Database,
  { from, to }: { from: Date; to: Date },
  agent: string | null,
): Promise<RunFigures[]> {
  const text = `select a.name as agent, r.cost_currency as currency, sum(r.cost_amount)::text as cost, count(*)::int as runs,
      count(*) filter (where r.status = 'succeeded')::int as succeeded,
      coalesce(sum(r.tool_calls) filter (where r.tool_errors is not null), 0)::float8 as calls_with_errors,
      coalesce(sum(r.tool_errors) filter (where r.tool_calls is not null), 0)::float8 as errors,
      coalesce(sum(r.tool_calls) filter (where r.tool_retries is not null), 0)::float8 as calls_with_retries,
      coalesce(sum(r.tool_retries) filter (where r.tool_calls is not null), 0)::float8 as retries
    from run r join agent a on a.id = r.agent_id
    where r.updated_at >= $1 and r.updated_at < $2 and ($3::text is null or a.name = $3)
    group by a.name, r.cost_currency`
  const { rows } = await reach(() =>
    database.pool.query<RunFigures>({ name: 'run-figures', text, values: [from, to, agent] }),
  )
  return rows
}
