import type { Run, RunReport } from '../approval/run.ts'
import { write, type Database } from './database.ts'

type Row = Omit<Run, 'cost' | 'tokens'> & {
  cost_amount: string | null
  cost_currency: string | null
  // int8 comes as text
  input_tokens: string | null
  output_tokens: string | null
}

const statement = `insert into run (agent_id, run_id, status, cost_amount, cost_currency, input_tokens, output_tokens,
    tool_calls, tool_errors, tool_retries, started_at, ended_at, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
  on conflict (agent_id, run_id) do update set status = $3, cost_amount = $4, cost_currency = $5, input_tokens = $6,
    output_tokens = $7, tool_calls = $8, tool_errors = $9, tool_retries = $10, started_at = $11, ended_at = $12,
    updated_at = $13
  returning run_id, status, trim_scale(cost_amount)::text as cost_amount, cost_currency, input_tokens, output_tokens,
    tool_calls, tool_errors, tool_retries, started_at, ended_at, updated_at`

/** Keeps what an agent says of a run, in the place of all that it said before. */
export async function keepRun(
  database: Database,
  agent_id: string,
  run_id: string,
  report: RunReport,
  at: Date,
): Promise<Run> {
  const { cost, tokens } = report
  const values = [
    agent_id,
    run_id,
    report.status,
    cost?.amount ?? null,
    cost?.currency ?? null,
    tokens?.input ?? null,
    tokens?.output ?? null,
    report.tool_calls,
    report.tool_errors,
    report.tool_retries,
    report.started_at,
    report.ended_at,
    at,
  ]
  const { rows } = await write<Row>(database, { name: 'keep-run', text: statement, values })
  const row = rows[0]
  if (!row) throw new Error('a run was written and is not there')
  return toRun(row)
}

function toRun({ cost_amount, cost_currency, input_tokens, output_tokens, ...run }: Row): Run {
  return {
    ...run,
    cost:
      cost_amount === null || cost_currency === null
        ? null
        : { amount: cost_amount, currency: cost_currency },
    tokens:
      input_tokens === null || output_tokens === null
        ? null
        : { input: Number(input_tokens), output: Number(output_tokens) },
  }
}
