import type { Clock } from '../platform/clock.ts'
import type { Database } from '../store/database.ts'
import { freezesWithin } from '../store/freezes.ts'
import { readRollups } from '../store/rollups.ts'
import { runFigures, type RunFigures } from '../store/run-figures.ts'
import { addTo, cellOf, type Cell } from './cell.ts'
import { fromDecimal } from './decimal.ts'
import { concerning, frozenMs, type FrozenTime } from './frozen.ts'
import type { Approver, By } from './measures.ts'
import { addRowTo, everyAgent, type Dimension } from './rollup.ts'
import { piecesOf, type Piece, type Window } from './spans.ts'

export type ReadParts = { database: Database; clock: Clock }

/** Whose figures: those of an agent alone, or of all. */
export type Whose = { agent: string | null }

/** Everything that was counted in a window, and the same by something. */
export async function readCells(
  { database, clock }: ReadParts,
  { agent }: Whose,
  by: By | null,
  window: Window,
): Promise<{ whole: Cell; groups: Map<string, Cell> }> {
  const [all, groups, runs, freezes] = await Promise.all([
    readBy(database, { agent }, 'all', window),
    by === null ? new Map<string, Cell>() : readBy(database, { agent }, by, window),
    runFigures(database, window, agent),
    freezesWithin(database, window.from, window.to),
  ])
  const whole = all.get('') ?? cellOf([])
  const frozen = (of: readonly FrozenTime[]) => frozenMs(of, window, clock.now())
  for (const one of runs) addTo(whole, cellOfRuns(one))
  whole.counts.set('frozen_ms', frozen(agent === null ? freezes : concerning(freezes, agent)))
  if (by === 'agent') addByAgent(groups, runs, (name) => frozen(concerning(freezes, name)))
  return { whole, groups }
}

function addByAgent(groups: Map<string, Cell>, runs: RunFigures[], frozen: (agent: string) => number): void {
  for (const one of runs) addTo(into(groups, one.agent), cellOfRuns(one))
  for (const [name, cell] of groups) cell.counts.set('frozen_ms', frozen(name))
}

/** What each agent's runs came to that were written in this time. */
export async function readRunsBy(database: Database, window: Window): Promise<Map<string, Cell>> {
  const cells = new Map<string, Cell>()
  for (const one of await runFigures(database, window, null)) addTo(into(cells, one.agent), cellOfRuns(one))
  return cells
}

/** How each approver voted, of those who did: who decides most first. */
export async function readApprovers({ database }: ReadParts, window: Window): Promise<Approver[]> {
  const cells = await readBy(database, { agent: null }, 'approver', window)
  return [...cells]
    .map(([slack_user_id, { counts }]) => {
      const [approved, rejected] = [counts.get('approve') ?? 0, counts.get('reject') ?? 0]
      return {
        slack_user_id,
        decisions: approved + rejected,
        approved,
        rejected,
        quick: counts.get('quick') ?? 0,
      }
    })
    .sort((a, b) => b.decisions - a.decisions || (a.slack_user_id < b.slack_user_id ? -1 : 1))
}

/** The sums by each of a dimension's keys. */
export async function readBy(
  database: Database,
  { agent }: Whose,
  dimension: Dimension,
  window: Window,
): Promise<Map<string, Cell>> {
  const rows = await readRollups(database, { agent: agent ?? everyAgent, dimension }, piecesOf(window))
  const cells = new Map<string, Cell>()
  for (const row of rows) addRowTo(into(cells, row.key), row)
  return cells
}

/** One cell for each span of these, in their order, also for those in which nothing happened. */
export async function readSeries(
  database: Database,
  piece: Piece,
  spansOf: Date[],
): Promise<{ at: Date; cell: Cell }[]> {
  const rows = await readRollups(database, { agent: everyAgent, dimension: 'all' }, [piece])
  const cells = new Map(spansOf.map((at) => [at.getTime(), cellOf([])]))
  for (const row of rows) {
    const cell = cells.get(row.at.getTime())
    if (cell) addRowTo(cell, row)
  }
  return spansOf.map((at) => ({ at, cell: cells.get(at.getTime()) ?? cellOf([]) }))
}

function into(cells: Map<string, Cell>, key: string): Cell {
  const cell = cells.get(key) ?? cellOf([])
  cells.set(key, cell)
  return cell
}

function cellOfRuns(runs: RunFigures): Cell {
  const cell = cellOf([])
  const { counts } = cell
  counts.set('runs', runs.runs)
  counts.set('run.calls_with_errors', runs.calls_with_errors)
  counts.set('run.errors', runs.errors)
  counts.set('run.calls_with_retries', runs.calls_with_retries)
  counts.set('run.retries', runs.retries)
  if (runs.currency !== null && runs.cost !== null) {
    counts.set(`run_cost:${runs.currency}`, runs.runs)
    counts.set(`run_succeeded:${runs.currency}`, runs.succeeded)
    cell.sums.set(`run_cost:${runs.currency}`, fromDecimal(runs.cost))
  }
  return cell
}
