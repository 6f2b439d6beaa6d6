import { parsePolicy, role, type CompiledPolicy, type PolicyDocument, type Role } from '../policy/index.ts'
import type { Database } from '../store/database.ts'
import { newestPolicy, newestPolicyVersion } from '../store/policy-versions.ts'

export type PolicyInForce = {
  version: number
  document: PolicyDocument
  compiled: CompiledPolicy
  /** Null where the policy has no role of that name. */
  role(name: string): Role | null
}

export type { Role } from '../policy/index.ts'

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
    const { document, compiled } = parsed
    known = { version: row.version, document, compiled, role: (name) => role(document, name) }
    return known
  }
  return {
    remembered: async () => known ?? load(),
    newest: async () => (known && known.version === (await newestPolicyVersion(database)) ? known : load()),
  }
}
