import type { Database } from '../../src/store/database.ts'
import { openApproval, type Decided, type OpenResult } from '../../src/store/open-approval.ts'
import { start } from '../approval/given.ts'

/** Writes an approval that was decided upon without a look at the past. */
export async function openDecided(
  database: Database,
  epoch: number,
  decided: Decided,
  idempotency: { key: string; body_hash: string } | null = null,
): Promise<OpenResult> {
  const look = { reads: [], adds_to: [], unknown: {} }
  return (await openApproval(database, { epoch, idempotency, now: start, look, decide: () => decided }))
    .result
}
