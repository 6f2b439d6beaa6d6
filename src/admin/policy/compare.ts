import type { Approval, JsonObject, Request } from '../../approval/approval.ts'
import { rolesInWords, type Plan } from '../../approval/plan.ts'
import { formatDuration } from '../../approval/duration.ts'
import { judge } from '../../flow/judge.ts'
import type { CompiledPolicy } from '../../policy/index.ts'
import { listAgents } from '../../store/agents.ts'
import { asked } from '../../store/approval-rows.ts'
import { pastBefore } from '../../store/history.ts'
import { listRecent } from '../../store/read-approvals.ts'
import type { AdminParts } from '../index.ts'

/** How many requests are looked at, the newest, and for how long, in milliseconds: somebody waits for the answer. */
const most = 500
const patienceMs = 1_200

/** What another policy would have made of the requests of late. */
export type Comparison = {
  looked_at: number
  /** When the oldest of them was asked; null where there are none. */
  since: Date | null
  /** How many would have been decided differently. */
  changed: number
  /** What became of those and what would have, the most frequent first, with one of each to look at. */
  kinds: { from: string; to: string; count: number; example: { id: string; tool: string } }[]
}

type Ruled = Omit<Plan, 'policy_version' | 'break_glass' | 'masked'>

/**
 * Judges the newest requests by one policy and by another, as of the moments at which they were asked.
 *
 * @param since looks no further back; null for as far as the bound allows
 */
export async function comparePolicies(
  { database, clock }: AdminParts,
  before: CompiledPolicy,
  after: CompiledPolicy,
  since: Date | null,
): Promise<Comparison> {
  const [newest, agents] = await Promise.all([listRecent(database, most), listAgents(database)])
  const recent = newest.filter(({ created_at }) => since === null || created_at >= since)
  const environments = new Map(agents.map(({ id, environment }) => [id, environment]))
  const until = clock.now().getTime() + patienceMs
  const kinds = new Map<string, Comparison['kinds'][number]>()
  let looked_at = 0
  let changed = 0
  for (const approval of recent) {
    if (looked_at > 0 && clock.now().getTime() > until) break
    looked_at++
    const agent = { ...approval.agent, environment: environments.get(approval.agent.id) ?? '' }
    const again = { ...askedAgain(approval), agent }
    const past = pastBefore(database, approval.id)
    const was = await judge(before, again, approval.created_at, past)
    const would = await judge(after, again, approval.created_at, past)
    const words = differently(was.plan, would.plan)
    if (words === null) continue
    changed++
    const key = `${words.from} → ${words.to}`
    const kind = kinds.get(key)
    if (kind) kind.count++
    else kinds.set(key, { ...words, count: 1, example: { id: approval.id, tool: approval.action.tool } })
  }
  return {
    looked_at,
    since: recent[looked_at - 1]?.created_at ?? null,
    changed,
    kinds: [...kinds.values()].sort((a, b) => b.count - a.count),
  }
}

/** As it is kept with a proposal, and back. */
export function writeComparison({ since, ...comparison }: Comparison): JsonObject {
  return { ...comparison, since: since?.toISOString() ?? null }
}

export function readComparison(kept: JsonObject): Comparison {
  const { since, ...comparison } = kept as Omit<Comparison, 'since'> & { since: string | null }
  return { ...comparison, since: since === null ? null : new Date(since) }
}

/** A stored request as it would be asked again. What its agent narrowed is not stored, and left open. */
export function askedAgain(approval: Approval): Request {
  return { ...asked(approval), allowed_decisions: ['approve', 'edit', 'reject'], expires_in_ms: null }
}

/** What is decided of it, and by which rule: who has to agree, or that nobody has. */
export function verdict({ effect, rule, stages }: Pick<Plan, 'effect' | 'rule' | 'stages'>): string {
  const by = `(${rule ?? 'defaults'})`
  switch (effect) {
    case 'allow':
      return `allowed ${by}`
    case 'deny':
      return `denied ${by}`
    case 'require_approval':
      return `${stages.map(({ roles, approvals }) => `${approvals} of ${rolesInWords(roles)}`).join(', then ')} ${by}`
  }
}

/** Whether two rulings decide differently, in words; null where they come to the same. A rule's name decides nothing. */
function differently(was: Ruled, would: Ruled): { from: string; to: string } | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  if (!same([was.effect, was.stages], [would.effect, would.stages]))
    return { from: verdict(was), to: verdict(would) }
  if (was.effect !== 'require_approval') return null
  const terms = (Object.keys(termWords) as (keyof typeof termWords)[]).filter(
    (term) => !same(was[term], would[term]),
  )
  if (terms.length === 0) return null
  const words = (ruled: Ruled) => terms.map((term) => termWords[term](ruled)).join(', ')
  return { from: `${verdict(was)}, ${words(was)}`, to: words(would) }
}

/** What else of a ruling an approver or an agent would notice. */
const termWords = {
  expires_in_ms: ({ expires_in_ms }: Ruled) => `expires in ${formatDuration(expires_in_ms)}`,
  valid_for_ms: ({ valid_for_ms }: Ruled) => `valid for ${formatDuration(valid_for_ms)}`,
  on_timeout: ({ on_timeout }: Ruled) => `on timeout ${on_timeout}`,
  escalation: ({ escalation }: Ruled) =>
    escalation.length === 0 ? 'no ladder' : `ladder ${severalOf(escalation.map(rungWords))}`,
  separation_of_duties: ({ separation_of_duties }: Ruled) =>
    `kept from approving: ${
      Object.entries(separation_of_duties)
        .flatMap(([who, held]) => (held ? [who] : []))
        .join(', ') || 'nobody'
    }`,
  allowed_decisions: ({ allowed_decisions }: Ruled) => `decisions ${allowed_decisions.join(', ')}`,
  extend_ms: ({ extend_ms }: Ruled) =>
    extend_ms === null ? 'not extendable' : `extendable by ${formatDuration(extend_ms)}`,
  outcome_within_ms: ({ outcome_within_ms }: Ruled) =>
    outcome_within_ms === null ? 'no report asked' : `report within ${formatDuration(outcome_within_ms)}`,
  require_reason: ({ require_reason }: Ruled) =>
    require_reason ? 'approved with a reason' : 'approved without a reason',
  require_details_opened: ({ require_details_opened }: Ruled) =>
    require_details_opened ? 'Details must be opened' : 'Details need not be opened',
  require_on_behalf_of: ({ require_on_behalf_of }: Ruled) =>
    require_on_behalf_of ? 'must name who asked' : 'need not name who asked',
  reject_reasons: ({ reject_reasons }: Ruled) =>
    `reasons to reject: ${reject_reasons.map(reasonWords).join('; ') || 'none'}`,
  editable: ({ editable }: Ruled) => `editable: ${editable.join(', ') || 'nothing'}`,
} satisfies { [Term in Exclude<keyof Ruled, Decisive>]: (ruled: Ruled) => string }

/** What is compared on its own, or notices nobody by itself. */
type Decisive = 'effect' | 'stages' | 'rule' | 'reason' | 'hours'

/** Steps that are named one by one: a reminder that repeats is as many. */
const namedSteps = 6

function severalOf(steps: string[]): string {
  const more = steps.length - namedSteps
  return [...steps.slice(0, namedSteps), ...(more > 0 ? [`${more} more`] : [])].join(' + ')
}

function rungWords(rung: Ruled['escalation'][number]): string {
  const what = rung.do === 'escalate' ? ` to ${rung.to}` : rung.do === 'require' ? ` ${rung.approvals}` : ''
  return `${formatDuration(rung.after_ms)} ${rung.do}${what}`
}

function reasonWords({ reason, retry }: Ruled['reject_reasons'][number]): string {
  return retry === null ? reason : `${reason} (${retry})`
}
