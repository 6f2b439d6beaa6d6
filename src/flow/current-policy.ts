import type { Freeze } from '../approval/freeze.ts'
import type { Mask } from '../approval/masks.ts'
import type { Plan } from '../approval/plan.ts'
import { Unavailable } from '../platform/unavailable.ts'
import {
  breakGlassOf,
  parsePolicy,
  role,
  type CompiledPolicy,
  type ParsedPolicy,
  type PolicyDocument,
  type Role,
  type Ruling,
} from '../policy/index.ts'
import type { Database } from '../store/database.ts'
import { readDesk, type DeskRow } from '../store/desk.ts'
import type { SealedKey } from '../store/permit-key.ts'
import { newestPolicy } from '../store/policy-versions.ts'

export type PolicyInForce = {
  version: number
  document: PolicyDocument
  compiled: CompiledPolicy
  /** Null where the policy has no role of that name. */
  role(name: string): Role | null
}

export { breakGlassOf, rolesOf, type Role } from '../policy/index.ts'

/** A ruling's plan with what is the same for all of a version, and with what is hidden of the request. */
export function planOf({ version, document }: PolicyInForce, ruled: Ruling['plan'], masked: Mask[]): Plan {
  return { ...ruled, policy_version: version, break_glass: breakGlassOf(document).length > 0, masked }
}

/** What a request is decided by, as it was at an epoch of the desk. */
export type InForce = { epoch: number; policy: PolicyInForce; freezes: Freeze[]; permit_key: SealedKey }

/** The newest policy, compiled once for each version, the freezes in force and the key that signs permits. */
export type CurrentPolicy = {
  /** As it was when it was last looked at: for `open`, whose statement proves that it still is so. */
  remembered(): Promise<InForce>
  /** Asks the database whether anything has changed first. */
  inForce(): Promise<InForce>
  newest(): Promise<PolicyInForce>
}

export function createCurrentPolicy(database: Database): CurrentPolicy {
  let known: InForce | null = null
  const compiled = async (): Promise<PolicyInForce> => {
    const row = await newestPolicy(database)
    if (!row) throw new Error('there is no policy yet')
    const parsed = parsePolicy(row.document)
    if (!parsed.ok)
      throw new Unavailable(
        `policy version ${row.version} cannot be read by this program, and nothing is decided until an operator has gone back to another (countersign policy rollback)`,
        { cause: parsed.faults, may_have_happened: false },
      )
    return policyOf(row.version, parsed)
  }
  const refresh = async ({ policy_version, ...desk }: DeskRow): Promise<InForce> => {
    const same = known !== null && known.policy.version === policy_version
    // A version that is saved while it is read belongs to a later epoch, which the next look finds.
    known = { ...desk, policy: same && known ? known.policy : await compiled() }
    return known
  }
  const inForce = async () => {
    const desk = await readDesk(database)
    return known?.epoch === desk.epoch ? known : refresh(desk)
  }
  return {
    remembered: async () => known ?? inForce(),
    inForce,
    newest: async () => (await inForce()).policy,
  }
}

/** A document that was read, as requests are judged by it. */
export function policyOf(
  version: number,
  { document, compiled }: Pick<ParsedPolicy & { ok: true }, 'document' | 'compiled'>,
): PolicyInForce {
  return { version, document, compiled, role: (name) => role(document, name) }
}
