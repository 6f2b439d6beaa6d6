import type pg from 'pg'
import type { HistoryQuestion, HistoryValues } from '../approval/history.ts'
import { sha256Hex } from '../platform/ids.ts'
import { reach, type Database } from './database.ts'

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
  return (look, now) => reach(() => readHistory(database.pool, look, now, null))
}

/**
 * The past as it was when an approval was asked for, which is not in it: for judging again what was judged then. What
 * waited at that moment counts, whatever became of it later.
 */
export function pastBefore(database: Database, approval_id: string): Past {
  return (look, now) => reach(() => readHistory(database.pool, look, now, approval_id, 'as_of_then'))
}

/**
 * The past as it will still be when this transaction is committed: whoever would add to the same numbers waits until
 * then. All that is asked in one transaction must be of the same locks, and asked after the desk's lock and the
 * approval's, so that nobody waits in a circle.
 *
 * @param except an approval that does not count: the one that is being decided
 */
export function pastWithin(client: Queries, except: string | null): Past {
  let held = ''
  return async (look, now) => {
    const locks = lockNumbers(look)
    if (held !== locks.join()) await lockHistory(client, locks)
    held = locks.join()
    return readHistory(client, look, now, except)
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

type Measured = { found: number; unfit: number; total: string }

/** All answers in one round trip. */
async function readHistory(
  client: Queries,
  { reads: questions, unknown }: LookBack,
  now: Date,
  except: string | null,
  seen: 'as_of_now' | 'as_of_then' = 'as_of_now',
): Promise<HistoryValues> {
  if (questions.length === 0) return unknown
  const values: unknown[] = [except]
  const parameter = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const text = questions
    .map((question, nth) => `select ${nth} as nth, ${measure(question, now, seen, parameter)}`)
    .join(' union all ')
  const { rows } = await client.query<Measured & { nth: number }>({ text, values })
  const answers = rows.map(({ nth, ...row }): [string, HistoryValues[string]] => {
    const question = questions[nth]
    if (!question) throw new Error('an answer to no question')
    return [question.name, valueOf(question, row)]
  })
  return { ...unknown, ...Object.fromEntries(answers) }
}

type Parameter = (value: unknown, type: string) => string

function measure(
  question: HistoryQuestion,
  now: Date,
  seen: 'as_of_now' | 'as_of_then',
  parameter: Parameter,
): string {
  const where = [`($1::text is null or id <> $1)`, ...inCommon(question, parameter)].join(' and ')
  const since = parameter(new Date(now.getTime() - question.within_ms), 'timestamptz')
  const then = () => parameter(now, 'timestamptz')
  // What may run is what counts: an edited action's arguments, and not those that were asked for.
  const was = seen === 'as_of_now' ? 'edited is not null' : `(edited->>'at')::timestamptz <= ${then()}`
  const action = `case when ${was} then edited else request->'action' end`
  const number =
    question.sum === null ? 'null' : `(${action}) #> ${parameter(['arguments', ...question.sum], 'text[]')}`
  const [approved, waiting] =
    seen === 'as_of_now'
      ? [`decided_at > ${since}`, `status = 'pending' and decided_at is null`]
      : [
          `decided_at > ${since} and decided_at <= ${then()} and created_at < ${then()}`,
          `created_at < ${then()} and (decided_at is null or decided_at > ${then()})`,
        ]
  // As the text of JSON a number begins with a digit or a minus, and nothing else does. Each row is read once.
  return `count(*)::int as found, (count(*) - count(fit))::int as unfit, coalesce(sum(greatest(fit, 0)), 0)::text as total
    from (
      select case when number ~ '^[-0-9]' then number::numeric end as fit
      from (
        select (${number})::text as number from approval
          where ${where} and status = 'approved' and ${approved}
        union all
        select (${number})::text from approval where ${where} and ${waiting}
        offset 0
      ) counted
    ) measured`
}

function inCommon(
  { tools, agent_id, tool, run_id, subject }: HistoryQuestion,
  parameter: Parameter,
): string[] {
  const conditions: string[] = []
  if (agent_id !== undefined) conditions.push(`agent_id = ${parameter(agent_id, 'text')}`)
  if (tool !== undefined) conditions.push(`tool = ${parameter(tool, 'text')}`)
  if (run_id !== undefined) conditions.push(`run_id = ${parameter(run_id, 'text')}`)
  if (subject !== undefined)
    conditions.push(
      `subject_type = ${parameter(subject.type, 'text')}`,
      `subject_id = ${parameter(subject.id, 'text')}`,
    )
  if (tools !== null) conditions.push(ofTools(tools, parameter))
  return conditions
}

function ofTools(tools: string[], parameter: Parameter): string {
  const whole = tools.filter((tool) => !tool.endsWith('*'))
  const beginnings = tools.filter((tool) => tool.endsWith('*')).map((tool) => tool.slice(0, -1))
  const any = [
    ...(whole.length === 0 ? [] : [`tool = any(${parameter(whole, 'text[]')})`]),
    ...beginnings.map((beginning) => `tool ^@ ${parameter(beginning, 'text')}`),
  ]
  return `(${any.join(' or ')})`
}

function valueOf({ sum }: HistoryQuestion, { found, unfit, total }: Measured): HistoryValues[string] {
  if (sum === null) return found
  if (unfit > 0) {
    const where = ['action', 'arguments', ...sum].join('.')
    return { failed: `${unfit} of the ${found} approvals that count have no number at ${where}` }
  }
  const value = Number(total)
  return Number.isFinite(value) ? value : { failed: 'the sum is larger than any number' }
}
