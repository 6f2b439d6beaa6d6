import type { HistoryQuestion } from '../approval/history.ts'
import { reach, type Database } from './database.ts'
import { changeDesk } from './desk.ts'
import { onceFor } from './gather.ts'
import { amountsByPiece, type Amount, type Piece, type Tallied } from './history-amounts.ts'

/** A question that looks at more approvals than this one by one, which takes some milliseconds, gets a tally. */
export const worthATally = 500

/** A piece has at least so many approvals, and more where a tally would have more pieces than this. */
const leastInAPiece = 250
const piecesATally = 256

/** By so much the clocks of two replicas may differ, in milliseconds. */
const clocksAgreeMs = 5_000

/** Nobody's requests are decided anew more often than this because of tallies, in milliseconds. */
const settleEveryMs = 5_000

/** Tallies kept, some 50 kB each; the least recently used is forgotten first. */
const mostTallies = 500

/** What is known of the past from a moment on: one piece after the other, without gaps. */
type Tally = { from: Date; pieces: Piece[] }

/**
 * What was approved stays approved, so that what a piece of the past comes to can be kept in memory once nothing more can
 * be added to it. Each process keeps its own, of the questions that need it.
 *
 * That nothing can be added is made certain by the desk: whoever changes it waits until everything that was being decided
 * is committed, and what was decided before and is not written yet is decided anew, by a later time.
 */
export const talliesOf = onceFor(createTallies)

function createTallies(database: Database) {
  const tallies = new Map<string, Tally>()
  const wanted = new Set<string>()
  let working = Promise.resolve()
  /** Everything decided before this moment is committed. */
  let settled = new Date(0)

  async function settle(now: Date): Promise<void> {
    const until = new Date(now.getTime() - clocksAgreeMs)
    if (until.getTime() - settled.getTime() < settleEveryMs) return
    await changeDesk(database, () => Promise.resolve(true))
    settled = until
  }

  async function extend(question: HistoryQuestion, now: Date, found: number): Promise<void> {
    await settle(now)
    const since = windowOf(question, now)
    const kept = within(tallies.get(keyOf(question)), since) ?? { from: later(since), pieces: [] }
    const [from, until] = [endOf(kept), settled]
    if (until <= from) return
    const size = Math.max(leastInAPiece, Math.ceil(found / piecesATally))
    const values: unknown[] = []
    const text = amountsByPiece(question, { from, until, size }, values)
    const { rows } = await reach(() => database.pool.query<Amount & { last: Date }>({ text, values }))
    if (rows.length === 0) return
    const pieces = rows.map(({ last, ...amount }, nth): Piece => {
      return { until: nth === rows.length - 1 ? until : later(last), amount }
    })
    keep(keyOf(question), { from: kept.from, pieces: [...kept.pieces, ...pieces] })
  }

  /** As the one used last. */
  function keep(key: string, tally: Tally): void {
    tallies.delete(key)
    tallies.set(key, tally)
    for (const forgotten of [...tallies.keys()].slice(0, -mostTallies)) tallies.delete(forgotten)
  }

  return {
    /** What need not be looked at one by one, if anything. */
    of(question: HistoryQuestion, now: Date): Tallied | null {
      const tally = within(tallies.get(keyOf(question)), windowOf(question, now))
      if (!tally) return null
      keep(keyOf(question), tally)
      return { from: tally.from, until: endOf(tally), amounts: tally.pieces.map(({ amount }) => amount) }
    },
    /**
     * Says how many approvals were found for a question, and how many of them one by one. What follows from it is done in
     * the background.
     */
    worked(question: HistoryQuestion, now: Date, found: number, one_by_one: number): void {
      const key = keyOf(question)
      if (one_by_one <= worthATally || wanted.has(key)) return
      wanted.add(key)
      working = working
        .then(() => extend(question, now, found))
        // A tally only saves time: the next who needs one tries again.
        .catch(() => undefined)
        .finally(() => wanted.delete(key))
    },
    /** Resolves when nothing is done in the background. */
    idle: () => working,
  }
}

/** The pieces of a tally that lie whole after that moment, null where there are none. */
function within(tally: Tally | undefined, since: Date): Tally | null {
  if (!tally) return null
  let { from } = tally
  let gone = 0
  for (const { until } of tally.pieces) {
    if (from > since) break
    from = until
    gone++
  }
  return gone === tally.pieces.length ? null : { from, pieces: tally.pieces.slice(gone) }
}

function endOf({ from, pieces }: Tally): Date {
  return pieces.at(-1)?.until ?? from
}

/** What counts was decided after this moment. */
function windowOf({ within_ms }: HistoryQuestion, now: Date): Date {
  return new Date(now.getTime() - within_ms)
}

/** The next moment: they are milliseconds, in the database too. */
function later(moment: Date): Date {
  return new Date(moment.getTime() + 1)
}

/** The same for entries of two names that ask the same. */
function keyOf({ sum, tools, within_ms, agent_id, tool, run_id, subject }: HistoryQuestion): string {
  return JSON.stringify([sum, tools, within_ms, agent_id, tool, run_id, subject?.type, subject?.id])
}
