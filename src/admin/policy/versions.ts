import type { Person } from '../../approval/approval.ts'
import {
  findPolicyVersion,
  listPolicyVersions,
  newestPolicy,
  type PolicyVersionRow,
} from '../../store/policy-versions.ts'
import type { Refused } from '../agents.ts'
import type { AdminParts, By } from '../index.ts'

/** A version without its text. `author` is a Slack user id, `operator`, or `countersign` for the first. */
export type VersionHead = Omit<PolicyVersionRow, 'document'>

/** The newest first, at most `limit`. */
export async function policyVersions({ database }: AdminParts, limit: number): Promise<VersionHead[]> {
  return listPolicyVersions(database, limit)
}

/** A version with its text, the newest where none is named. */
export async function policyVersion(
  { database }: AdminParts,
  version: number | null,
): Promise<PolicyVersionRow | Refused> {
  const found = version === null ? await newestPolicy(database) : await findPolicyVersion(database, version)
  return found ?? { refused: version === null ? 'There is no policy yet' : `There is no version ${version}` }
}

/** Who saved a version, as it is kept with it. */
export function authorOf(by: By): string {
  return by.type === 'human' ? (by satisfies Person).slack_user_id : by.type
}

/** Version numbers as people type them: `3` or `v3`. Null where it is none. */
export function readVersion(typed: string | undefined): number | null {
  return readNumber(typed?.replace(/^v/, ''))
}

/** A proposal's number. Null where it is none. */
export function readNumber(typed: string | undefined): number | null {
  return /^[1-9][0-9]{0,8}$/.test(typed ?? '') ? Number(typed) : null
}
