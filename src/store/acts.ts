import { addJobs } from './add-jobs.ts'
import { appendAdminEvents, type NewEvent } from './chain.ts'
import type { NewJob } from './consequences.ts'
import type { RecordingClient } from './database.ts'

/**
 * Writes what belongs to something that an admin did: its jobs and its audit event, in the transaction that does it, and
 * last in it, because of the event.
 */
export async function recordAct(
  client: RecordingClient,
  at: Date,
  event: NewEvent,
  jobs: NewJob[],
): Promise<void> {
  await addJobs(client, jobs)
  await appendAdminEvents(client, at, [event])
}
