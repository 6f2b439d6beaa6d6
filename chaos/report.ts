import { cpus, totalmem } from 'node:os'
import type { Ran } from './run.ts'
import type { Size } from './size.ts'

const shownBreaches = 5

/** What a run found, for people: the promises first, then everything that was counted. */
export function report({ verdict, ledger, took_s }: Ran, size: Size): string {
  const lines = [
    '',
    `seed ${size.seed}, rates ${size.rates}, ${size.replicas} replicas, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${took_s.all} s in all: ${took_s.storm} s of storm, ${took_s.settling} s of settling`,
    `${ledger.byId.size} approvals acknowledged of ${ledger.entries.length} asked for, ${ledger.counts['kills'] ?? 0} kills`,
    `ended: ${pairs(verdict.ends)}`,
    '',
  ]
  for (const { promise, checked, breaches } of verdict.promises) {
    lines.push(`${breaches.length === 0 ? 'kept  ' : 'BROKEN'}  ${promise}: ${breaches.length} of ${checked}`)
    for (const { approval_id, what } of breaches.slice(0, shownBreaches))
      lines.push(`          ${approval_id}: ${what}`)
  }
  lines.push(
    `${verdict.faults.length === 0 ? 'kept  ' : 'BROKEN'}  nothing else went wrong: ${verdict.faults.length}`,
  )
  for (const [fault, times] of tally(verdict.faults).slice(0, 4 * shownBreaches))
    lines.push(`          ${times} × ${fault}`)
  lines.push('', ...figures(ledger))
  for (const [what, example] of ledger.examples) lines.push('', what, example)
  return lines.join('\n')
}

export function isGood({ verdict }: Ran): boolean {
  return verdict.faults.length === 0 && verdict.promises.every(({ breaches }) => breaches.length === 0)
}

function figures(ledger: Ran['ledger']): string[] {
  const clicks = ledger.entries.flatMap((entry) => entry.clicks)
  const acks = clicks.filter((click) => click.acked).map((click) => click.ended - click.began)
  const received = [...ledger.received.values()]
  const counts: Record<string, number | string> = {
    requests: ledger.entries.reduce((sum, entry) => sum + entry.requests, 0),
    'clicks and forms': clicks.length,
    'clicks without an answer': clicks.length - acks.length,
    'click to ack, ms': spread(acks),
    'callback tries received': received.reduce((sum, each) => sum + each.tries, 0),
    'callbacks taken more than once': received.filter((each) => each.taken > 1).length,
    'starts until ready, ms': spread(ledger.starts_ms),
    'stops on SIGTERM, ms': spread(ledger.stops.map((each) => each.took_ms)),
    'timeouts late, ms': spread(ledger.late_ms),
    'steps back in the audit’s times, ms': spread(ledger.back_ms),
    ...ledger.counts,
  }
  return Object.entries(counts)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([what, count]) => `${what}: ${count}`)
}

/** How many, the median, the 99th percentile and the largest. */
function spread(list: number[]): string {
  const sorted = list.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? '–'
  return `${sorted.length} times, p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`
}

/** Each different text with how often it came, numbers and ids aside; the most frequent first. */
function tally(texts: string[]): [string, number][] {
  const counted = new Map<string, [string, number]>()
  for (const text of texts) {
    const kind = text.replace(/apr_\w+|[0-9]+/g, '#')
    const [example, times] = counted.get(kind) ?? [text, 0]
    counted.set(kind, [example, times + 1])
  }
  return [...counted.values()].toSorted(([, one], [, other]) => other - one)
}

function pairs(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
