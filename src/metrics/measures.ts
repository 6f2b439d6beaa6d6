import type { Cell } from './cell.ts'
import { sharedOut } from './decimal.ts'
import { quantile } from './histogram.ts'

// What the numbers are. Each is computed here and nowhere else; docs/metrics.md has every name with its formula in words.

/** `share` is between 0 and 1, `ms` are milliseconds, `money` is an amount for each currency that there was any in. */
export type Unit = 'count' | 'share' | 'ms' | 'money'

/** Null where there is nothing to compute it from. Money by currency, as decimal texts. */
export type Value = number | Record<string, string> | null

/** What a measure can be had by. All can be had of all together. */
export type By = 'role' | 'agent' | 'tool'

export const allBy: readonly By[] = ['role', 'agent', 'tool']

export type Measure = {
  name: string
  title: string
  unit: Unit
  by: readonly By[]
  of(counted: Counted): Value
}

/** How somebody who votes has voted. */
export type Approver = {
  slack_user_id: string
  decisions: number
  approved: number
  rejected: number
  quick: number
}

/** What there is to compute from. `approvers` are null where it is of one agent or one of many. */
export type Counted = { cell: Cell; approvers: Approver[] | null }

/** Who has decided so often, and never rejected, may not be reading. */
export const enoughToReject = 10

const everything: readonly By[] = ['role', 'agent', 'tool']
const ofApprovals: readonly By[] = ['agent', 'tool']
const ofRuns: readonly By[] = ['agent']

export const measures: readonly Measure[] = [
  { name: 'requests', title: 'Requests', unit: 'count', by: ofApprovals, of: count('requested') },
  { name: 'asked', title: 'Asked of people', unit: 'count', by: everything, of: count('asked') },
  {
    name: 'approval_latency_p50_ms',
    title: 'Time to decision, median',
    unit: 'ms',
    by: everything,
    of: ({ cell }) => quantile(cell.latency, 0.5),
  },
  {
    name: 'approval_latency_p95_ms',
    title: 'Time to decision, P95',
    unit: 'ms',
    by: everything,
    of: ({ cell }) => quantile(cell.latency, 0.95),
  },
  {
    name: 'escalation_rate',
    title: 'Escalated',
    unit: 'share',
    by: everything,
    of: share(['escalated'], ['asked']),
  },
  {
    name: 'timeout_rate',
    title: 'Timed out',
    unit: 'share',
    by: everything,
    of: share(['expired.timeout', 'rejected.timeout'], waitedEnds()),
  },
  {
    name: 'expiry_rate',
    title: 'Expired',
    unit: 'share',
    by: everything,
    of: share(['expired.timeout'], waitedEnds()),
  },
  {
    name: 'approval_rate',
    title: 'Approved by people',
    unit: 'share',
    by: everything,
    of: share(['approved.human'], decidedByPeople()),
  },
  {
    name: 'rejection_rate',
    title: 'Rejected by people',
    unit: 'share',
    by: everything,
    of: share(['rejected.human'], decidedByPeople()),
  },
  {
    name: 'edit_rate',
    title: 'Edited before',
    unit: 'share',
    by: ofApprovals,
    of: share(['edited'], decidedByPeople()),
  },
  {
    name: 'policy_share',
    title: 'Decided by policy',
    unit: 'share',
    by: ofApprovals,
    of: share(['approved.policy', 'rejected.policy'], allEnds()),
  },
  {
    name: 'grant_share',
    title: 'Decided by grant',
    unit: 'share',
    by: ofApprovals,
    of: share(['approved.grant'], allEnds()),
  },
  {
    name: 'break_glass',
    title: 'Broken glass',
    unit: 'count',
    by: everything,
    of: count('glass_broken'),
  },
  {
    name: 'callback_delivery_rate',
    title: 'Callbacks delivered',
    unit: 'share',
    by: ofApprovals,
    of: share(['callback.delivered'], ['callback.delivered', 'callback.failed']),
  },
  {
    name: 'outcome_failure_rate',
    title: 'Approved actions that failed',
    unit: 'share',
    by: ofApprovals,
    of: share(['outcome.failed'], ['outcome.succeeded', 'outcome.failed']),
  },
  {
    name: 'outcome_retry_rate',
    title: 'Attempts that were retries',
    unit: 'share',
    by: ofApprovals,
    of: ({ cell }) =>
      ratio(sum(cell, ['attempts']) - sum(cell, ['outcome.with_attempts']), sum(cell, ['attempts'])),
  },
  {
    name: 'missing_outcomes',
    title: 'Outcomes not reported in time',
    unit: 'count',
    by: ofApprovals,
    of: count('outcome.missed'),
  },
  { name: 'runs', title: 'Runs', unit: 'count', by: ofRuns, of: count('runs') },
  {
    name: 'tool_call_error_rate',
    title: 'Tool calls that failed',
    unit: 'share',
    by: ofRuns,
    of: share(['run.errors'], ['run.calls_with_errors']),
  },
  {
    name: 'tool_call_retry_rate',
    title: 'Tool calls that were retries',
    unit: 'share',
    by: ofRuns,
    of: share(['run.retries'], ['run.calls_with_retries']),
  },
  {
    name: 'cost_per_run',
    title: 'Cost per run',
    unit: 'money',
    by: ofRuns,
    of: ({ cell }) => costPer(cell, 'run_cost:', null),
  },
  {
    name: 'cost_per_successful_run',
    title: 'Cost per successful run',
    unit: 'money',
    by: ofRuns,
    of: ({ cell }) => costPer(cell, 'run_cost:', 'run_succeeded:'),
  },
  {
    name: 'cost_per_successful_outcome',
    title: 'Cost per successful outcome',
    unit: 'money',
    by: ofApprovals,
    of: ({ cell }) => costPer(cell, 'cost:', 'cost_succeeded:'),
  },
  {
    name: 'decisions_per_approver',
    title: 'Decisions per approver',
    unit: 'count',
    by: [],
    of: ({ approvers }) =>
      approvers === null
        ? null
        : ratio(
            approvers.reduce((all, { decisions }) => all + decisions, 0),
            approvers.length,
          ),
  },
  {
    name: 'quick_vote_rate',
    title: 'Votes in under 5 s',
    unit: 'share',
    by: ofApprovals,
    of: share(['quick'], ['votes']),
  },
  {
    name: 'never_rejecting_approvers',
    title: 'Approvers who never reject',
    unit: 'count',
    by: [],
    of: ({ approvers }) => approvers?.filter(neverRejects).length ?? null,
  },
  { name: 'frozen_ms', title: 'Time frozen', unit: 'ms', by: ofRuns, of: count('frozen_ms') },
  {
    name: 'audit_completeness',
    title: 'Run actions that trace to a person or a rule',
    unit: 'share',
    by: ofApprovals,
    of: share(['traced'], ['ran']),
  },
  {
    name: 'repairs',
    title: 'Repairs by the auditor',
    unit: 'count',
    by: ofApprovals,
    of: count('repaired'),
  },
]

/** Those that can be had by this, or of all together. */
export function measuresBy(by: By | null): readonly Measure[] {
  return by === null ? measures : measures.filter((measure) => measure.by.includes(by))
}

/** Values by the names of their measures. */
export type Figures = Record<string, Value>

export function figuresOf(counted: Counted, by: By | null): Figures {
  return Object.fromEntries(measuresBy(by).map(({ name, of }) => [name, of(counted)]))
}

export function neverRejects({ decisions, rejected }: Approver): boolean {
  return decisions >= enoughToReject && rejected === 0
}

function decidedByPeople(): string[] {
  return ['approved.human', 'rejected.human']
}

/** The ends of what waited for people. */
function waitedEnds(): string[] {
  return [...decidedByPeople(), 'expired.timeout', 'rejected.timeout', ...cancellations()]
}

/** Who can have something cancelled. */
function cancellations(): string[] {
  return ['agent', 'human', 'operator', 'countersign'].map((by) => `cancelled.${by}`)
}

function allEnds(): string[] {
  return [...waitedEnds(), 'approved.policy', 'rejected.policy', 'approved.grant', 'rejected.freeze']
}

function count(measure: string): Measure['of'] {
  return ({ cell }) => cell.counts.get(measure) ?? 0
}

function share(part: string[], whole: string[]): Measure['of'] {
  return ({ cell }) => ratio(sum(cell, part), sum(cell, whole))
}

function sum({ counts }: Cell, measures: string[]): number {
  return measures.reduce((all, measure) => all + (counts.get(measure) ?? 0), 0)
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/**
 * What there was spent in each currency, shared out over those that had a cost in it, or over the successful of them: what failed is
 * paid for by what succeeded.
 */
function costPer({ counts, sums }: Cell, cost: string, successful: string | null): Value {
  const costs = [...sums]
    .filter(([measure]) => measure.startsWith(cost))
    .map(([measure, spent]) => ({ currency: measure.slice(cost.length), spent }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
    .flatMap(({ currency, spent }) => {
      const among = counts.get(`${successful ?? cost}${currency}`) ?? 0
      return among === 0 ? [] : [[currency, sharedOut(spent, among)] as const]
    })
  return costs.length === 0 ? null : Object.fromEntries(costs)
}
