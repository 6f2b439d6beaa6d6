import { adminsOf, parsePolicy } from '../../policy/index.ts'
import { recordAct } from '../../store/acts.ts'
import { recording } from '../../store/database.ts'
import { changeDesk } from '../../store/desk.ts'
import { decideProposal, lockProposal, proposalJob, type ProposalRow } from '../../store/policy-proposals.ts'
import {
  insertPolicyVersion,
  newestPolicyVersion,
  type PolicyVersionRow,
} from '../../store/policy-versions.ts'
import type { Refused } from '../agents.ts'
import type { AdminParts, By } from '../index.ts'
import { adminEvent } from '../record.ts'
import { faulty } from './check.ts'
import { difference } from './diff.ts'
import { standingOf } from './proposals.ts'
import { versionEvent } from './save.ts'
import { authorOf } from './versions.ts'

/** The longest reason that is taken, in characters. */
const longestReason = 500

/** Why somebody's click on a proposal changed nothing; `because` is the audit's word for it. */
type Barred = Refused & { because: 'not_admin' | 'own_proposal' | 'not_waiting' | 'faulty' }

/**
 * A second admin agrees: the proposal is the newest version from now on. An operator may agree to what an admin
 * proposed, since somebody else has looked at it then, and never to what an operator proposed.
 */
export async function confirmProposal(
  parts: AdminParts,
  number: number,
  by: By,
): Promise<{ version: number; author: string } | Refused> {
  return decide(parts, number, 'confirm', by, async (client, row, newest, at) => {
    const own = row.author === authorOf(by)
    if (own)
      return {
        because: 'own_proposal',
        refused:
          by.type === 'operator'
            ? `Proposal ${number} was made on the command line: an admin confirms it, in Slack`
            : `Proposal ${number} is your own: somebody else confirms it`,
      }
    const parsed = parsePolicy(row.document)
    // It was sound when it was proposed: this is another program now.
    if (!parsed.ok) return { because: 'faulty', refused: faulty(parsed.faults) }
    const { document, base, note, back_to, author } = row
    const version = base + 1
    const confirmed_by = authorOf(by)
    const changes = difference(newest.document, document)
    const saved = { version, base, note, back_to, changes, proposal: number, proposed_by: author }
    await decideProposal(client, number, {
      outcome: 'confirmed',
      decided_by: confirmed_by,
      decided_at: at,
      reason: null,
    })
    const added = await insertPolicyVersion(
      client,
      { version, document, author, note, created_at: at, confirmed_by },
      versionEvent(saved, by, at),
      [proposalJob(number, at)],
    )
    if (!added) throw new Error(`version ${version} was saved while the desk was locked`)
    return { version, author }
  })
}

/** Another admin says no, or its author takes it back. */
export async function rejectProposal(
  parts: AdminParts,
  { number, reason }: { number: number; reason: string | null },
  by: By,
): Promise<{ author: string } | Refused> {
  if (reason !== null && reason.length > longestReason)
    return { refused: `The reason is at most ${longestReason} characters` }
  return decide(parts, number, 'reject', by, async (client, row, _newest, at) => {
    const { author } = row
    await decideProposal(client, number, {
      outcome: 'rejected',
      decided_by: authorOf(by),
      decided_at: at,
      reason,
    })
    const data = { proposal: number, proposed_by: author, reason }
    const event = adminEvent('policy.proposal_rejected', by, at, data)
    await recordAct(client, at, event, [proposalJob(number, at)])
    return { author }
  })
}

/** Records that somebody tried who is no admin, as Slack knows them. */
export async function refuseOutsider(
  { database, clock }: AdminParts,
  number: number,
  click: 'confirm' | 'reject',
  by: By,
): Promise<Refused> {
  await recording(database, async (client) => {
    const at = clock.now()
    const data = { proposal: number, click, because: outsider.because }
    await recordAct(client, at, adminEvent('policy.click_refused', by, at, data), [])
  })
  return { refused: outsider.refused }
}

const outsider: Barred = { because: 'not_admin', refused: 'Only admins decide about the policy' }

type Client = Parameters<Parameters<typeof changeDesk>[1]>[0]

/** Decides about a proposal that waits, alone with it; an attempt that may not count is in the audit all the same. */
async function decide<T extends object>(
  { database, clock, work }: AdminParts,
  number: number,
  act: 'confirm' | 'reject',
  by: By,
  apply: (client: Client, row: ProposalRow, newest: PolicyVersionRow, at: Date) => Promise<T | Barred>,
): Promise<T | Refused> {
  const decided = await changeDesk(database, async (client): Promise<T | Barred | null> => {
    const row = await lockProposal(client, number)
    const newest = await newestPolicyVersion(client)
    if (!row || !newest) return null
    const at = clock.now()
    const result = barred(row, newest, at, by) ?? (await apply(client, row, newest, at))
    if ('because' in result) {
      const data = { proposal: number, click: act, because: result.because }
      await recordAct(client, at, adminEvent('policy.click_refused', by, at, data), [])
    }
    return result
  })
  work.raise()
  if (decided === null) return { refused: `There is no proposal ${number}` }
  if (!('because' in decided)) return decided
  const { because: _, ...refused } = decided
  return refused
}

/** Why nobody may decide about it any more, or this person never might. */
function barred(row: ProposalRow, newest: PolicyVersionRow, now: Date, by: By): Barred | null {
  const standing = standingOf(row, newest.version, now)
  if (standing.state === 'lapsed')
    return { because: 'not_waiting', refused: `Proposal ${row.number} has lapsed: ${standing.because}` }
  if (standing.state !== 'waiting')
    return {
      because: 'not_waiting',
      refused: `Proposal ${row.number} was ${standing.state} by ${standing.by} at ${standing.at.toISOString()}`,
      names: standing.by,
    }
  const present = parsePolicy(newest.document)
  const isAdmin = by.type !== 'human' || (present.ok && adminsOf(present.document).includes(by.slack_user_id))
  return isAdmin ? null : outsider
}
