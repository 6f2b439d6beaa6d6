import { readAsOf } from '../store/rollups.ts'
import { figuresOf, type Approver, type By, type Figures } from './measures.ts'
import { readApprovers, readCells, type ReadParts, type Whose } from './read.ts'
import type { Window } from './spans.ts'
import { windowsOf } from './window.ts'

/** More groups than these are only counted: tools are as many as agents name. */
const mostGroups = 100

export type Group = { key: string; figures: Figures; before: Figures }

/** The figures of a window, and of the one before it. */
export type Report = {
  window: Window
  before: Window
  /** Everything that was recorded until then is in; null where nothing is yet. */
  as_of: Date | null
  agent: string | null
  by: By | null
  figures: Figures
  figures_before: Figures
  /** The busiest first. `left_off` are those beyond the first hundred. */
  groups: Group[]
  left_off: number
  /** Null for the figures of one agent. */
  approvers: Approver[] | null
}

/** @param ms the length of the window; see `readWindow` */
export async function reportOf(
  parts: ReadParts,
  { agent, by, ms }: Whose & { by: By | null; ms: number },
): Promise<Report> {
  const { window, before } = windowsOf(ms, parts.clock.now())
  const approversIn = async (of: Window) => (agent === null ? readApprovers(parts, of) : null)
  const [now, earlier, approvers, approvers_before, as_of] = await Promise.all([
    readCells(parts, { agent }, by, window),
    readCells(parts, { agent }, by, before),
    approversIn(window),
    approversIn(before),
    readAsOf(parts.database),
  ])
  const empty = { cell: { counts: new Map(), sums: new Map(), latency: new Map() }, approvers: null }
  const groups = [...now.groups]
    .map(([key, cell]) => ({
      key,
      busy: cell.counts.get('requested') ?? cell.counts.get('asked') ?? 0,
      figures: figuresOf({ cell, approvers: null }, by),
      before: figuresOf({ ...empty, cell: earlier.groups.get(key) ?? empty.cell }, by),
    }))
    .sort((a, b) => b.busy - a.busy || (a.key < b.key ? -1 : 1))
  return {
    window,
    before,
    as_of,
    agent,
    by,
    figures: figuresOf({ cell: now.whole, approvers }, null),
    figures_before: figuresOf({ cell: earlier.whole, approvers: approvers_before }, null),
    groups: groups
      .slice(0, mostGroups)
      .map(({ key, figures, before: earlierFigures }) => ({ key, figures, before: earlierFigures })),
    left_off: Math.max(0, groups.length - mostGroups),
    approvers,
  }
}
