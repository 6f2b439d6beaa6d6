import type { HistoryQuestion } from '../approval/history.ts'
import { parametersOf, type Parameter } from './parameters.ts'

/**
 * What some approvals come to: how many there are, how many of them have no number where it was to be added up, and the
 * sum of the others, exact and as text. A number below zero adds nothing: nobody makes room for more by asking for less.
 */
export type Amount = { found: number; unfit: number; total: string }

/** What is known of the approvals decided from `from` on and before `until`; see `history-tallies.ts`. */
export type Tallied = { from: Date; until: Date; amounts: Amount[] }

/**
 * So many approvals are looked at one by one, which takes about a second; where there are more the question has no answer.
 * So no request holds up others for long, and what cannot be counted fails closed.
 */
export const mostOneByOne = 100_000

/** When a window ends, and whether what waits and is approved is told as of today, or as it was at that moment. */
export type Moment = {
  now: Date
  as_of: 'now' | 'then'
  /** An approval that does not count. */
  except: string | null
}

type Range = { after?: Date; from?: Date; before?: Date; until?: Date }

/**
 * A query for the `Amount` of a question, with `one_by_one`, how many approvals were looked at.
 *
 * @param values gets the parameters
 */
export function amountIn(
  question: HistoryQuestion,
  { now, as_of, except }: Moment,
  tallied: Tallied | null,
  values: unknown[],
): string {
  const parameter = parametersOf(values)
  const since = new Date(now.getTime() - question.within_ms)
  const parts = inCommon(question, parameter)
  if (except !== null) parts.push(`id <> ${parameter(except, 'text')}`)
  if (as_of === 'then') parts.push(`created_at < ${parameter(now, 'timestamptz')}`)
  const approved: Range[] = tallied
    ? [{ after: since, before: tallied.from }, { from: tallied.until }]
    : [as_of === 'now' ? { after: since } : { after: since, until: now }]
  const waiting =
    as_of === 'now'
      ? `status = 'pending' and decided_at is null`
      : `(decided_at is null or decided_at > ${parameter(now, 'timestamptz')})`
  // Told as it was then, an edit that came later has not happened.
  const isThen = () => `(edited ->> 'at')::timestamptz <= ${parameter(now, 'timestamptz')}`
  const number = numberIn(question, parameter, as_of === 'now' ? isNow : isThen)
  const looked_at = [...approved.map((range) => decided(range, parameter)), waiting].map(
    (condition) => `select ${number} as number from approval where ${[...parts, condition].join(' and ')}`,
  )
  const known = tallied?.amounts ?? []
  const [found, unfit, totals] = [
    parameter(sum(known.map((one) => one.found)), 'int'),
    parameter(sum(known.map((one) => one.unfit)), 'int'),
    parameter(
      known.map((one) => one.total),
      'numeric[]',
    ),
  ]
  return `select ${found} + found as found, ${unfit} + unfit as unfit, found as one_by_one,
      (total + (select coalesce(sum(t), 0) from unnest(${totals}) t))::text as total
    from (select ${measures} from (
      ${looked_at.join(' union all ')} limit ${mostOneByOne + 1}
    ) counted ${fitting}) measured`
}

/** A piece of the past, from the end of the one before it on and before `until`, and what was approved in it. */
export type Piece = { until: Date; amount: Amount }

/** A query for the pieces of the past from one moment to another: the last decision in each, `last`, and its amount. */
export function amountsByPiece(
  question: HistoryQuestion,
  { from, until, size }: { from: Date; until: Date; size: number },
  values: unknown[],
): string {
  const parameter = parametersOf(values)
  const where = [...inCommon(question, parameter), decided({ from, before: until }, parameter)].join(' and ')
  // What was decided in the same moment has the same rank, and stays together.
  const piece = `(rank() over (order by decided_at) - 1) / ${parameter(size, 'bigint')}`
  return `select max(decided_at) as last, ${measures} from (
      select decided_at, ${piece} as piece, ${numberIn(question, parameter, isNow)} as number
      from approval where ${where} offset 0
    ) counted ${fitting} group by piece order by piece`
}

// As the text of JSON a number begins with a digit or a minus, and nothing else does. `offset 0` and `limit` keep a query from
// being merged into the one around it, which would read the JSON once for each time that it names the number.
const fitting = `cross join lateral (
  select case when number ~ '^[-0-9]' then number::numeric end as fit offset 0
) as fitting`
const measures = `count(*)::int as found, (count(*) - count(fit))::int as unfit, coalesce(sum(greatest(fit, 0)), 0) as total`

const isNow = () => 'edited is not null'

/** What may run is what counts: where it was edited, the arguments that it was edited to. */
function numberIn({ sum: path }: HistoryQuestion, parameter: Parameter, isEdited: () => string): string {
  return path === null
    ? `null::text`
    : `((case when ${isEdited()} then edited else request -> 'action' end) #> ${parameter(['arguments', ...path], 'text[]')})::text`
}

/** Approved in that piece of time. */
function decided({ after, from, before, until }: Range, parameter: Parameter): string {
  const bounds = (
    [
      ['>', after],
      ['>=', from],
      ['<', before],
      ['<=', until],
    ] as const
  ).flatMap(([is, bound]) => (bound ? [`decided_at ${is} ${parameter(bound, 'timestamptz')}`] : []))
  return [`status = 'approved'`, ...bounds].join(' and ')
}

/** What is asked about has in common with the request, as conditions that an index answers. */
function inCommon(
  { tools, agent_id, tool, run_id, subject }: HistoryQuestion,
  parameter: Parameter,
): string[] {
  return [
    ...(agent_id === undefined ? [] : [`agent_id = ${parameter(agent_id, 'text')}`]),
    ...(tool === undefined ? [] : [`tool = ${parameter(tool, 'text')}`]),
    ...(run_id === undefined ? [] : [`run_id = ${parameter(run_id, 'text')}`]),
    ...(subject === undefined
      ? []
      : [
          `request -> 'subject' ->> 'id' = ${parameter(subject.id, 'text')}`,
          `request -> 'subject' ->> 'type' = ${parameter(subject.type, 'text')}`,
        ]),
    ...(tools === null ? [] : [ofTools(tools, parameter)]),
  ]
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

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
