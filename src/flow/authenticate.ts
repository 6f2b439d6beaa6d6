import { readApiKey } from '../platform/api-key.ts'
import type { Clock } from '../platform/clock.ts'
import { sameDigest } from '../platform/ids.ts'
import { findKey } from '../store/agents.ts'
import type { Database } from '../store/database.ts'
import type { KnownAgent } from './agent-desk.ts'

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
  const { id, name, owner, environment, disabled_at } = found.agent
  return { id, name, owner, environment, disabled: disabled_at !== null }
}
