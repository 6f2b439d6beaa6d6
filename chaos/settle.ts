import { Client } from 'pg'
import type { Ledger } from './ledger/ledger.ts'
import { pause } from './time.ts'

/**
 * What there is still to do about approvals. Timers of what has ended already are left to run out: they are never taken
 * back. Work about no approval comes again and again, and is never over.
 */
const leftToDo = `select
  (select count(*) from approval where status = 'pending')::int as pending,
  (select count(*) from callback where status = 'pending')::int as callbacks,
  (select count(*) from job where dead_at is null and kind <> 'timer'
    and (payload ->> 'approval_id' is not null or payload ->> 'callback_id' is not null))::int as jobs,
  (select count(*) from job where dead_at is not null)::int as dead`

type Left = { pending: number; callbacks: number; jobs: number; dead: number }

/** Waits until nothing is pending, or `most_ms`. What was given up (a dead letter) is a fault. */
export async function settle(
  database_url: string,
  most_ms: number,
  ledger: Ledger,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const client = new Client({ connectionString: database_url })
  await client.connect()
  try {
    let left: Left | undefined
    for (let waited = 0; waited < most_ms && !stop.aborted; waited += 500) {
      left = (await client.query<Left>(leftToDo)).rows[0]
      if (left && left.pending + left.callbacks + left.jobs === 0) break
      if (waited % 15_000 === 0) say(`settling: ${JSON.stringify(left)}`)
      await pause(500, stop)
    }
    if (left && left.pending + left.callbacks + left.jobs > 0)
      ledger.faults.push(`not settled: ${JSON.stringify(left)}`)
    const { rows } = await client.query<{ kind: string; attempts: number; last_error: string }>(
      'select kind, attempts, last_error from job where dead_at is not null',
    )
    for (const { kind, attempts, last_error } of rows)
      ledger.faults.push(`a job ${kind} was given up after ${attempts} attempts: ${last_error}`)
  } finally {
    await client.end()
  }
}
