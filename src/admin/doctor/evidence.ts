import { inOneLine, ok, warn, type Check } from '../../platform/check.ts'
import type { Database } from '../../store/database.ts'
import { sealingState } from '../../store/log-reading.ts'
import { eventRights } from '../../store/migrate/rights.ts'

/** An event that waits longer than this for its seal, in seconds, is told of. */
const patienceS = 300

/** Whether the audit log can be changed by the app's own role, and is sealed. Never throws. */
export async function examineEvidence(
  database: Database | null,
  { url, is_embedded }: { url: string; is_embedded: boolean },
): Promise<Check[]> {
  // A database that is away or not migrated has its own line.
  if (!database) return []
  const [rights, sealing] = await Promise.all([rightsCheck(url, is_embedded), sealingCheck(database)])
  return [...rights, ...sealing]
}

async function rightsCheck(url: string, is_embedded: boolean): Promise<Check[]> {
  const check = 'audit: database role'
  try {
    const rights = await eventRights(url)
    if (!rights) return []
    const { role, may } = rights
    if (may.length === 0) return [ok(check, `${role} adds events, and can neither change nor delete them`)]
    return [
      warn(
        check,
        `${role}, as which the app runs, can change and delete audit events: it owns them, or may do anything`,
        'Let one role own and migrate the database (MIGRATION_DATABASE_URL) and another run the app (DATABASE_URL): see “Two database roles” in the README.',
      ),
    ]
  } catch (error) {
    const remedy = is_embedded
      ? 'The next start of the app makes that role.'
      : 'See that the role of DATABASE_URL may connect.'
    return [warn(check, `could not be looked at: ${inOneLine(error)}`, remedy)]
  }
}

async function sealingCheck(database: Database): Promise<Check[]> {
  const check = 'audit: sealing'
  const state = await sealingState(database, patienceS).catch(() => null)
  if (!state) return []
  const { size, sealed_at, overdue } = state
  const events = `${size.toLocaleString('en')} ${size === 1 ? 'event' : 'events'}`
  if (overdue === 0)
    return [
      ok(
        check,
        sealed_at === null ? 'nothing to seal yet' : `${events}, the last at ${sealed_at.toISOString()}`,
      ),
    ]
  return [
    warn(
      check,
      `${overdue.toLocaleString('en')} of the newest events wait for their seal for more than ${patienceS / 60} minutes`,
      'The app seals while it runs. Where it does run, its log says why it does not seal.',
    ),
  ]
}
