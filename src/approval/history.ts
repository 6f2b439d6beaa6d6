/** What of the past an approval can have in common with a request. A run is an agent's own: two agents' `run_1` are two. */
export const sharables = ['agent', 'tool', 'subject', 'run'] as const
export type Sharable = (typeof sharables)[number]

/**
 * A number about what was allowed before, as a policy names it: how many approvals there are, or what an argument of
 * theirs adds up to.
 *
 * Those count that are approved, from their decision on for `within_ms`, and those that wait for one, because each of
 * them could still be approved. What was rejected, taken back or let expire does not. What was approved and withdrawn
 * does: nobody knows that it had not run.
 */
export type HistoryEntry = {
  /** Where in the arguments the number stands, key by key; null counts approvals. */
  sum: string[] | null
  /** Only these tools; one that ends in `*` stands for all that begin so. Null: any. */
  tools: string[] | null
  by: Sharable[]
  within_ms: number
}

/** An entry asked for one request: what an approval must have in common with it is filled in. */
export type HistoryQuestion = Pick<HistoryEntry, 'sum' | 'tools' | 'within_ms'> & {
  name: string
  agent_id?: string
  tool?: string
  run_id?: string
  subject?: { type: string; id: string }
}

/** What is known of the past, by the names of the entries. Where it cannot be told, why. */
export type HistoryValues = Readonly<Record<string, number | { failed: string }>>
