import type { Window } from './spans.ts'

/** When everything, or an agent (its name), was frozen; `lifted_at` is null while it is. */
export type FrozenTime = { agent: string | null; at: Date; lifted_at: Date | null }

/** How much of a window up to now any of these freezes was in force, in milliseconds: what overlaps counts once. */
export function frozenMs(freezes: readonly FrozenTime[], { from, to }: Window, now: Date): number {
  const end = Math.min(to.getTime(), now.getTime())
  let until = from.getTime()
  let frozen = 0
  for (const { at, lifted_at } of [...freezes].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const begins = Math.max(at.getTime(), until)
    const ends = Math.min(lifted_at?.getTime() ?? end, end)
    frozen += Math.max(0, ends - begins)
    until = Math.max(until, ends)
  }
  return frozen
}

/** Those that concern an agent. */
export function concerning(freezes: readonly FrozenTime[], agent: string): FrozenTime[] {
  return freezes.filter((freeze) => freeze.agent === null || freeze.agent === agent)
}
