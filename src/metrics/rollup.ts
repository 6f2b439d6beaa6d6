import type { RollupKey, RollupRow } from '../store/rollups.ts'
import { addTo, cellOf, type Cell } from './cell.ts'
import { fromDecimal, toDecimal } from './decimal.ts'
import { beginningOf, spans } from './spans.ts'
import type { Share } from './tally.ts'

/** Whose figures are kept apart. By `agent` and by `approver` they are kept of all agents together only. */
export type Dimension = 'all' | 'agent' | 'tool' | 'role' | 'approver'

/** The name that stands for all agents. */
export const everyAgent = ''

/** What an approval's event counts for: its agent, its tool, and when it was. */
export type Place = { agent: string; tool: string; at: Date }

/** Cells by what they are of. */
export type Rollups = Map<string, { key: RollupKey; cell: Cell }>

/** Adds a cell to the figures of every hour, day and month, and of every agent, tool, role or approver, that it is part of. */
export function rollUp(rollups: Rollups, place: Place, share: Share, cell: Cell): void {
  for (const { agent, dimension, key } of placesOf(place, share))
    for (const span of spans) {
      const at = beginningOf(span, place.at)
      const of = { agent, dimension, span, at, key }
      const name = nameOf(of)
      const known = rollups.get(name)
      if (known) addTo(known.cell, cell)
      else rollups.set(name, { key: of, cell: copyOf(cell) })
    }
}

function placesOf(
  { agent, tool }: Place,
  share: Share,
): { agent: string; dimension: Dimension; key: string }[] {
  switch (share.of) {
    case 'approval':
      return [
        { agent: everyAgent, dimension: 'all', key: '' },
        { agent: everyAgent, dimension: 'agent', key: agent },
        { agent: everyAgent, dimension: 'tool', key: tool },
        { agent, dimension: 'all', key: '' },
        { agent, dimension: 'tool', key: tool },
      ]
    case 'role':
      return [
        { agent: everyAgent, dimension: 'role', key: share.key },
        { agent, dimension: 'role', key: share.key },
      ]
    case 'approver':
      return [{ agent: everyAgent, dimension: 'approver', key: share.key }]
  }
}

/** What a cell is found by. */
export function nameOf({ agent, dimension, span, at, key }: RollupKey): string {
  return `${span} ${at.getTime()} ${dimension} ${agent}\n${key}`
}

function copyOf(cell: Cell): Cell {
  const copy = cellOf([])
  addTo(copy, cell)
  return copy
}

/** Adds a row to a cell, in place: rows of a window have hundreds of thousands of buckets together. */
export function addRowTo({ counts, sums, latency }: Cell, row: RollupRow): void {
  for (const measure in row.counts)
    counts.set(measure, (counts.get(measure) ?? 0) + (row.counts[measure] ?? 0))
  for (const measure in row.sums)
    sums.set(measure, (sums.get(measure) ?? 0n) + fromDecimal(row.sums[measure] ?? '0'))
  row.buckets.forEach((bucket, nth) => latency.set(bucket, (latency.get(bucket) ?? 0) + (row.held[nth] ?? 0)))
}

export function rowOf(key: RollupKey, { counts, sums, latency }: Cell): RollupRow {
  const buckets = [...latency].sort(([a], [b]) => a - b)
  return {
    ...key,
    counts: Object.fromEntries(counts),
    sums: Object.fromEntries([...sums].map(([measure, sum]) => [measure, toDecimal(sum)])),
    buckets: buckets.map(([bucket]) => bucket),
    held: buckets.map(([, held]) => held),
  }
}
