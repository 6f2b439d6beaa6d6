import type { Logger } from 'pino'
import type { Admin } from '../admin/index.ts'
import type { Proposal } from '../admin/policy/proposals.ts'
import type { JsonObject } from '../approval/approval.ts'
import type { Flow } from '../flow/flow.ts'
import type { MessageRow } from '../flow/messages.ts'
import type { Clock } from '../platform/clock.ts'
import { sha256Hex } from '../platform/ids.ts'
import { again, type Again } from './again.ts'
import type { NotPut, Posts, Rendered } from './posts.ts'
import { namedInProposal, proposalCard, proposalOutcome } from './views/proposal.ts'
import { isPerson } from './views/versions.ts'
import type { Workspace } from './workspace/workspace.ts'

/** Shows proposed changes of the policy to the admins who may confirm them, and what became of them. */
export function createProposals(parts: {
  posts: Posts
  workspace: Workspace
  flow: Flow
  admin: Admin
  clock: Clock
  log: Logger
}) {
  const { posts, workspace, flow, admin, clock, log } = parts

  /** Brings the messages about one proposal up to date with it. Harmless when it is done twice. */
  async function show(payload: JsonObject): Promise<Again | void> {
    const { proposal: number } = payload as { proposal: number }
    const proposal = await admin.settleProposal(number)
    if (!proposal) return
    const rows = await flow.messages.of(aboutOf(proposal))
    const people = await workspace.people(namedInProposal(proposal))
    const failures: NotPut[] = []
    const put = async (key: string, to: string, rendered: Rendered) => {
      const failure = await putOne(proposal, rows, key, to, rendered)
      if (failure) failures.push(failure)
    }
    for (const to of await readersOf(proposal, rows))
      await put('card', to, proposalCard(proposal, people, to))
    const outcome = proposalOutcome(proposal, people)
    if (outcome && isPerson(proposal.author)) await put('outcome', proposal.author, outcome)
    return again(failures, clock.now(), null)
  }

  /** The other admins while it waits; afterwards only those who were shown it. */
  async function readersOf({ author, standing }: Proposal, rows: MessageRow[]): Promise<string[]> {
    const shown = rows.flatMap(({ key, channel }) => (key === 'card' ? [channel] : []))
    if (standing.state !== 'waiting') return shown
    const { document } = await flow.policy.newest()
    return [...new Set([...shown, ...document.admins])].filter((id) => id !== author)
  }

  async function putOne(
    proposal: Proposal,
    rows: MessageRow[],
    key: string,
    channel: string,
    rendered: Rendered,
  ): Promise<NotPut | null> {
    const place = { approval_id: aboutOf(proposal), key, channel }
    const known = rows.find((row) => row.key === key && row.channel === channel)
    const shown = sha256Hex(JSON.stringify([rendered.text, rendered.blocks]))
    if (known?.shown === shown) return null
    const posted = await posts.put(place, known, rendered, { in: 'direct' })
    if (posted.ok) {
      await flow.messages.record(place, posted.ts, shown, posted.conversation)
      return null
    }
    const { failure } = posted
    if (failure && failure.kind !== 'waits')
      log.warn({ ...place, failure }, 'a proposal could not be shown to an admin')
    return failure
  }

  return { show }
}

/** What a proposal's messages are kept under. */
function aboutOf({ number }: Proposal): string {
  return `proposal:${number}`
}
