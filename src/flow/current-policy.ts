import { parsePolicy, type CompiledPolicy, type PolicyDocument } from '../policy/index.ts'
import type { Database } from '../store/database.ts'
import { newestPolicy, newestPolicyVersion } from '../store/policy-versions.ts'

export type PolicyInForce = { version: number; document: PolicyDocument; compiled: CompiledPolicy }

/** The newest policy, compiled once for each version. */
export type CurrentPolicy = {
  /** As it was when it was last looked at: for `open`, whose statement proves that it is still the newest. */
  remembered(): Promise<PolicyInForce>
  /** Asks the database whether there is a newer one first. */
  newest(): Promise<PolicyInForce>
}

export function createCurrentPolicy(database: Database): CurrentPolicy {
  let known: PolicyInForce | null = null
  const load = async (): Promise<PolicyInForce> => {
    const row = await newestPolicy(database)
    if (!row) throw new Error('there is no policy yet')
    const parsed = parsePolicy(row.document)
    if (!parsed.ok)
      throw new Error(
        `policy version ${row.version} in the database cannot be read: ${parsed.faults[0]?.detail}`,
      )
    known = { version: row.version, document: parsed.document, compiled: parsed.compiled }
    return known
  }
  return {
    remembered: async () => known ?? load(),
    newest: async () => (known && known.version === (await newestPolicyVersion(database)) ? known : load()),
  }
}
