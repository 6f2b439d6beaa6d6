import { readApiKey } from '../platform/api-key.ts'
import type { Clock } from '../platform/clock.ts'
import { sameDigest } from '../platform/ids.ts'
import { findKey, markSeen } from '../store/agents.ts'
import type { Database } from '../store/database.ts'
import type { KnownAgent } from './agent-desk.ts'

/** When an agent was last seen is kept to the minute: a write for every request would cost more than it tells. */
const seenEveryMs = 60_000

/** The agent that a key belongs to; null where there is none or its time is over. */
export async function authenticate(
  database: Database,
  clock: Clock,
  api_key: string,
): Promise<KnownAgent | null> {
  const given = readApiKey(api_key)
  const found = given && (await findKey(database, given.lookup))
  if (!found || !sameDigest(found.key.hash, given.hash)) return null
  if (found.key.expires_at && found.key.expires_at <= clock.now()) return null
  const { id, name, owner, environment, disabled_at, last_seen_at } = found.agent
  const now = clock.now()
  if (now.getTime() - (last_seen_at?.getTime() ?? 0) >= seenEveryMs) await markSeen(database, id, now)
  return { id, name, owner, environment, disabled: disabled_at !== null }
}
