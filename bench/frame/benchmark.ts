import type { Bench } from './bench.ts'

/** One table of the report. The first row of `rows` that has a `target` met or missed says so in words. */
export type Table = {
  title: string
  /** What was done, in a sentence or two: enough to judge the figures by. */
  about: string
  columns: string[]
  rows: string[][]
  /** What the target is and whether it is met, or why it cannot be. */
  verdict: string
}

/** A question about the product's speed and how it is answered. Takes a minute or two, and leaves nothing behind. */
export type Benchmark = { name: string; run(bench: Bench): Promise<Table> }
