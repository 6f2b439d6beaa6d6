import type { Histogram } from './histogram.ts'

/**
 * What was counted of one thing in one span of time. Cells are added up in any order and grouping and come to the same, which all
 * folding and reading rests on.
 */
export type Cell = {
  /** Measure → how often. */
  counts: Map<string, number>
  /** Measure → how much in all, in 10⁻¹²; see `decimal.ts`. */
  sums: Map<string, bigint>
  /** How long decisions took, in milliseconds. */
  latency: Histogram
}

/** A cell in which these measures were counted once, with one decision that took as long as `bucket` says. */
export function cellOf(measures: readonly string[], { bucket }: { bucket?: number } = {}): Cell {
  return {
    counts: new Map(measures.map((measure) => [measure, 1])),
    sums: new Map(),
    latency: bucket === undefined ? new Map() : new Map([[bucket, 1]]),
  }
}

/** Adds `from` to `into`, in place. */
export function addTo(into: Cell, from: Cell): void {
  for (const [measure, count] of from.counts)
    into.counts.set(measure, (into.counts.get(measure) ?? 0) + count)
  for (const [measure, sum] of from.sums) into.sums.set(measure, (into.sums.get(measure) ?? 0n) + sum)
  for (const [bucket, held] of from.latency) into.latency.set(bucket, (into.latency.get(bucket) ?? 0) + held)
}
