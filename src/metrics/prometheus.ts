import type { Cell } from './cell.ts'
import { toDecimal } from './decimal.ts'
import { valueOf, type Histogram } from './histogram.ts'

// The text that Prometheus reads (prometheus.io/docs/instrumenting/exposition_formats). Labels are what admins name, agents and roles,
// and words of ours: what an agent can make up, such as tools, is none, so that there are never more series than people want.

/** What is exposed: cells since the beginning, by agent and by role, and what is so right now. */
export type Exposed = {
  agents: Map<string, Cell>
  roles: Map<string, Cell>
  /** Of runs of the last 24 hours, by agent. */
  runs: Map<string, Cell>
  now: {
    pending: number
    dead_jobs: number
    /** Whether everything is frozen, and the agents that are, for whatever reason. */
    frozen: boolean
    frozen_agents: string[]
    as_of: Date | null
  }
}

type Sample = { suffix?: string; labels?: Record<string, string>; value: number | string }
type Family = { name: string; type: 'counter' | 'gauge' | 'histogram'; help: string; samples: Sample[] }

export function exposition(exposed: Exposed): string {
  return families(exposed).map(inText).join('')
}

/** Upper ends of the buckets, in seconds: from a click to a day. */
const ends = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 43_200, 86_400]

function families({ agents, roles, runs, now }: Exposed): Family[] {
  const agent = by('agent', agents)
  const role = by('role', roles)
  const run = by('agent', runs, gauge)
  return [
    agent.count('approvals_requested_total', 'Approvals that agents asked for.', 'requested'),
    agent.count('approvals_asked_total', 'Those of them that needed a human.', 'asked'),
    agent.each(
      'approvals_ended_total',
      'Approvals that ended, by how and by whom.',
      ['status', 'by'],
      endings(agents),
    ),
    agent.latency('approval_latency_seconds', 'Time from a request to the decision of people.'),
    agent.count('approvals_escalated_total', 'Approvals that were escalated at least once.', 'escalated'),
    agent.count('approvals_edited_total', 'Approvals that were edited.', 'edited'),
    agent.count(
      'approvals_glass_broken_total',
      'Approvals for which somebody broke the glass.',
      'glass_broken',
    ),
    agent.count('votes_total', 'Votes that counted.', 'votes'),
    agent.count('votes_quick_total', 'Votes in less than 5 seconds.', 'quick'),
    agent.count('callback_tries_total', 'Tries of callbacks.', 'callback.tried'),
    agent.each(
      'callbacks_ended_total',
      'Callbacks that were delivered or given up.',
      ['result'],
      ['callback.delivered', 'callback.failed'],
    ),
    agent.each(
      'outcomes_total',
      'Reported outcomes.',
      ['status'],
      ['outcome.succeeded', 'outcome.failed', 'outcome.skipped'],
    ),
    agent.count('outcomes_missed_total', 'Outcomes that were not reported in time.', 'outcome.missed'),
    agent.costs('outcome_cost_total', 'What reported outcomes cost, in units of the currency.', 'cost:'),
    agent.count('actions_run_total', 'Approved actions that were run.', 'ran'),
    agent.count('actions_traced_total', 'Those of them that trace to a person or a rule.', 'traced'),
    agent.count('auditor_repairs_total', 'Gaps that the auditor found.', 'repaired'),
    role.count('stages_asked_total', 'Stages that opened.', 'asked'),
    role.each(
      'stages_ended_total',
      'Stages that ended, by how and by whom.',
      ['status', 'by'],
      endings(roles),
    ),
    role.latency('stage_latency_seconds', 'Time from the opening of a stage to the decision of its role.'),
    role.count('stages_escalated_total', 'Stages that were escalated at least once.', 'escalated'),
    run.count('runs_last_day', 'Runs that were written in the last 24 hours.', 'runs'),
    run.costs('run_cost_last_day', 'What they cost, in units of the currency.', 'run_cost:'),
    run.count(
      'run_tool_calls_last_day',
      'Their tool calls, of runs that say how many failed.',
      'run.calls_with_errors',
    ),
    run.count('run_tool_errors_last_day', 'How many of those failed.', 'run.errors'),
    gauge('approvals_pending', 'Approvals that wait for a decision.', [{ value: now.pending }]),
    gauge('jobs_dead', 'Jobs that were given up, and wait for an operator.', [{ value: now.dead_jobs }]),
    gauge('frozen', 'Whether everything is frozen.', [{ value: Number(now.frozen) }]),
    gauge(
      'agent_frozen',
      'The agents that are frozen.',
      now.frozen_agents.map((key) => ({ labels: { agent: key }, value: 1 })),
    ),
    gauge(
      'metrics_as_of_timestamp_seconds',
      'Up to when everything is counted.',
      now.as_of ? [{ value: now.as_of.getTime() / 1_000 }] : [],
    ),
  ]
}

/** Families with samples of each of these cells, told apart by this label. */
function by(label: string, cells: Map<string, Cell>, make = counter) {
  const samples = (samplesOf: (cell: Cell) => Sample[]): Sample[] =>
    [...cells].flatMap(([key, cell]) =>
      samplesOf(cell).map((sample) => ({ ...sample, labels: { [label]: key, ...sample.labels } })),
    )
  return {
    count: (name: string, help: string, measure: string): Family =>
      make(
        name,
        help,
        samples(({ counts }) => [{ value: counts.get(measure) ?? 0 }]),
      ),
    /** Measures such as `approved.human`, whose last parts are the values of the labels. */
    each: (name: string, help: string, labels: string[], measures: string[]): Family =>
      make(
        name,
        help,
        samples(({ counts }) =>
          measures.map((measure) => {
            const parts = measure.split('.').slice(-labels.length)
            const named = labels.map((one, nth) => [one, parts[nth] ?? ''])
            return { labels: Object.fromEntries(named), value: counts.get(measure) ?? 0 }
          }),
        ),
      ),
    costs: (name: string, help: string, prefix: string): Family =>
      make(
        name,
        help,
        samples(({ sums }) =>
          [...sums]
            .filter(([measure]) => measure.startsWith(prefix))
            .map(([measure, sum]) => ({
              labels: { currency: measure.slice(prefix.length) },
              value: toDecimal(sum),
            })),
        ),
      ),
    latency: (name: string, help: string): Family => ({
      name,
      type: 'histogram',
      help,
      samples: samples(({ latency }) => histogram(latency)),
    }),
  }
}

function counter(name: string, help: string, samples: Sample[]): Family {
  return { name, type: 'counter', help, samples }
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name, type: 'gauge', help, samples }
}

/** The ends that there were: `approved.human` and the like. */
function endings(cells: Map<string, Cell>): string[] {
  const all = [...cells.values()].flatMap(({ counts }) => [...counts.keys()])
  return [
    ...new Set(all.filter((measure) => /^(approved|rejected|expired|cancelled)\./.test(measure))),
  ].sort()
}

/** Ours as one with fixed buckets: at an end it may count what is up to 1 % beside it. Its sum is exact to 1 % as well. */
function histogram(latency: Histogram): Sample[] {
  const seconds = [...latency].map(([bucket, held]) => ({ value: valueOf(bucket) / 1_000, held }))
  const upTo = (end: number) => seconds.reduce((all, { value, held }) => (value <= end ? all + held : all), 0)
  const sum = seconds.reduce((all, { value, held }) => all + value * held, 0)
  return [
    ...ends.map((end) => ({ suffix: '_bucket', labels: { le: String(end) }, value: upTo(end) })),
    { suffix: '_bucket', labels: { le: '+Inf' }, value: upTo(Number.POSITIVE_INFINITY) },
    { suffix: '_sum', value: Math.round(sum * 1_000) / 1_000 },
    { suffix: '_count', value: upTo(Number.POSITIVE_INFINITY) },
  ]
}

function inText({ name, type, help, samples }: Family): string {
  const full = `countersign_${name}`
  const lines = samples.map(({ suffix = '', labels = {}, value }) => {
    const named = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${full}${suffix}${named.length > 0 ? `{${named.join()}}` : ''} ${value}\n`
  })
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
