import { recordAct } from '../../store/acts.ts'
import { recording } from '../../store/database.ts'
import {
  decideProposal,
  findProposal,
  listWaitingProposals,
  lockProposal,
  type ProposalRow,
} from '../../store/policy-proposals.ts'
import { findPolicyVersion, newestPolicy } from '../../store/policy-versions.ts'
import type { Refused } from '../agents.ts'
import type { AdminParts } from '../index.ts'
import { adminEvent } from '../record.ts'
import { readComparison, type Comparison } from './compare.ts'
import { difference, type Difference } from './diff.ts'

/** Where a proposal stands. One that lapsed says why. */
export type Standing =
  | { state: 'waiting' }
  | { state: 'confirmed' | 'rejected'; by: string; at: Date; reason: string | null }
  | { state: 'lapsed'; because: string }

/** A change of the policy that waits for a second admin, or waited, with what it changes. */
export type Proposal = Pick<
  ProposalRow,
  'number' | 'base' | 'document' | 'author' | 'note' | 'back_to' | 'created_at' | 'lapses_at'
> & { standing: Standing; changes: Difference; comparison: Comparison | null }

/** Those that wait, the oldest first. */
export async function proposals(parts: AdminParts): Promise<Proposal[]> {
  const waiting = await listWaitingProposals(parts.database)
  const all = await Promise.all(waiting.map((row) => toProposal(parts, row)))
  return all.filter(({ standing }) => standing.state === 'waiting')
}

export async function proposal(parts: AdminParts, number: number): Promise<Proposal | Refused> {
  const row = await findProposal(parts.database, number)
  return row ? toProposal(parts, row) : { refused: `There is no proposal ${number}` }
}

async function toProposal({ database, clock }: AdminParts, row: ProposalRow): Promise<Proposal> {
  const [base, newest] = await Promise.all([findPolicyVersion(database, row.base), newestPolicy(database)])
  return {
    ...row,
    standing: standingOf(row, newest?.version ?? 0, clock.now()),
    changes: difference(base?.document ?? '', row.document),
    comparison: row.comparison && readComparison(row.comparison),
  }
}

/** Where a proposal stands while `newest` is the newest version. */
export function standingOf(row: ProposalRow, newest: number, now: Date): Standing {
  const { outcome, decided_by, decided_at, reason } = row
  if (outcome === 'lapsed') return { state: 'lapsed', because: reason ?? '' }
  if (outcome !== null)
    return { state: outcome, by: decided_by ?? '', at: decided_at ?? row.created_at, reason }
  if (newest !== row.base)
    return { state: 'lapsed', because: `version ${row.base + 1} was saved before it was confirmed` }
  return now >= row.lapses_at
    ? { state: 'lapsed', because: 'nobody confirmed it in 24 hours' }
    : { state: 'waiting' }
}

/**
 * Writes down that a proposal has lapsed, where it has. Harmless when it is done twice.
 *
 * @returns the proposal as it is then, or null where there is none
 */
export async function settleProposal(parts: AdminParts, number: number): Promise<Proposal | null> {
  const found = await proposal(parts, number)
  if ('refused' in found || found.standing.state !== 'lapsed') return 'refused' in found ? null : found
  const { database, clock } = parts
  const { because } = found.standing
  await recording(database, async (client) => {
    const row = await lockProposal(client, number)
    if (row?.outcome !== null) return
    const at = clock.now()
    const by = { type: 'countersign' } as const
    await decideProposal(client, number, {
      outcome: 'lapsed',
      decided_by: by.type,
      decided_at: at,
      reason: because,
    })
    const data = { proposal: number, proposed_by: row.author, because }
    await recordAct(client, at, adminEvent('policy.proposal_lapsed', by, at, data), [])
  })
  return found
}
