import type { Cost, Tokens } from './approval.ts'

export const runStatuses = ['running', 'succeeded', 'failed'] as const

/** What an agent says of one of its runs: what it cost and how its tools fared. Null where it said nothing. */
export type RunReport = {
  status: (typeof runStatuses)[number]
  cost: Cost | null
  tokens: Tokens | null
  tool_calls: number | null
  tool_errors: number | null
  tool_retries: number | null
  started_at: Date | null
  ended_at: Date | null
}

/** A run as it is kept. */
export type Run = { run_id: string } & RunReport & { updated_at: Date }
