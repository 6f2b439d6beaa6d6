import type pg from 'pg'
import type { HistoryQuestion, HistoryValues } from '../approval/history.ts'
import { sha256Hex } from '../platform/ids.ts'
import { reach, type Database } from './database.ts'
import { amountIn, mostOneByOne, type Amount, type Moment } from './history-amounts.ts'
import { talliesOf } from './history-tallies.ts'

/** What a request asks of the past, and what it will itself be part of. */
export type LookBack = {
  reads: HistoryQuestion[]
  /** The same questions of others after it will find this request. */
  adds_to: HistoryQuestion[]
  /** What cannot even be asked. */
  unknown: HistoryValues
}

/** Answers questions about what was allowed before that moment: see `HistoryEntry` for what counts. */
export type Past = (look: LookBack, now: Date) => Promise<HistoryValues>

type Queries = Pick<pg.ClientBase, 'query'>

/** The past as it is right now, and may not be any more when somebody acts on it. */
export function pastOf(database: Database): Past {
  return (look, now) =>
    reach(() => readHistory(database, database.pool, look, { now, except: null, as_of: 'now' }))
}

/**
 * The past as it was when an approval was asked for, which is not in it: for judging again what was judged then. What
 * waited at that moment counts, whatever became of it later.
 */
export function pastBefore(database: Database, approval_id: string): Past {
  return (look, now) =>
    reach(() => readHistory(database, database.pool, look, { now, except: approval_id, as_of: 'then' }))
}

/**
 * The past as it will still be when this transaction is committed: whoever would add to the same numbers waits until
 * then. All that is asked in one transaction must be of the same locks, and asked after the desk's lock and the
 * approval's, so that nobody waits in a circle.
 *
 * @param except an approval that does not count: the one that is being decided
 */
export function pastWithin(database: Database, client: Queries, except: string | null): Past {
  let held = ''
  return async (look, now) => {
    const locks = lockNumbers(look)
    if (held !== locks.join()) await lockHistory(client, locks)
    held = locks.join()
    return readHistory(database, client, look, { now, except, as_of: 'now' })
  }
}

/** The class of the advisory locks on a number of the history. */
const historyLockClass = 0x4353_4849

/** One for each question. Two may share a lock: then one waits for the other without need. */
export function lockNumbers({ reads, adds_to }: LookBack): number[] {
  const numbers = [...reads, ...adds_to].map(({ name, agent_id, tool, run_id, subject }) => {
    const key = JSON.stringify([name, agent_id, tool, run_id, subject?.type, subject?.id])
    return Number.parseInt(sha256Hex(key).slice(0, 8), 16) | 0
  })
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** Until the end of the transaction, and in the same order everywhere. */
async function lockHistory(client: Queries, locks: number[]): Promise<void> {
  await client.query({
    name: 'lock-history',
    text: `select pg_advisory_xact_lock($1::int, lock)
      from unnest($2::int[]) with ordinality as wanted (lock, place) order by place`,
    values: [historyLockClass, locks],
  })
}

/** All answers in one round trip. */
async function readHistory(
  database: Database,
  client: Queries,
  { reads: questions, unknown }: LookBack,
  moment: Moment,
): Promise<HistoryValues> {
  if (questions.length === 0) return unknown
  const tallies = talliesOf(database)
  const values: unknown[] = []
  const text = questions
    .map((question, nth) => {
      const tallied = moment.as_of === 'now' ? tallies.of(question, moment.now) : null
      return `select ${nth} as nth, amount.* from (${amountIn(question, moment, tallied, values)}) amount`
    })
    .join(' union all ')
  const { rows } = await client.query<Amount & { nth: number; one_by_one: number }>({ text, values })
  const answers = rows.map(({ nth, one_by_one, ...amount }): [string, HistoryValues[string]] => {
    const question = questions[nth]
    if (!question) throw new Error('an answer to no question')
    if (moment.as_of === 'now') tallies.worked(question, moment.now, amount.found, one_by_one)
    return [question.name, valueOf(question, amount, one_by_one)]
  })
  return { ...unknown, ...Object.fromEntries(answers) }
}

function valueOf(
  { sum }: HistoryQuestion,
  { found, unfit, total }: Amount,
  one_by_one: number,
): HistoryValues[string] {
  if (one_by_one > mostOneByOne) return { failed: 'there are too many approvals to count them in time' }
  if (sum === null) return found
  if (unfit > 0) {
    const where = ['action', 'arguments', ...sum].join('.')
    return { failed: `${unfit} of the ${found} approvals that count have no number at ${where}` }
  }
  const value = Number(total)
  return Number.isFinite(value) ? value : { failed: 'the sum is larger than any number' }
}
