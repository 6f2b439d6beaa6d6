import { reach, type Database } from './database.ts'
import { parametersOf, type Parameter } from './parameters.ts'

/** What events are searched by, each null where it does not matter; times are from `since` on and before `until`. */
export type EventSearch = {
  /** The Slack user who did it, or on whose behalf an agent asked. */
  person: string | null
  agent: { id: string; name: string } | null
  tool: string | null
  /** Any of these business objects; `type` is null for any type. */
  subjects: { id: string; type: string | null }[] | null
  since: Date | null
  until: Date | null
}

/** The newest first. `bounded` where older ones were not looked at. */
export type FoundEvents = { bodies: string[]; bounded: boolean }

/** So many of the newest approvals are looked through for their events; of a person, so many of the newest events. */
const mostApprovals = 2_000
const mostOfPerson = 20_000

/**
 * Searches by the index of whatever was asked for, and never looks at more than a bounded number of rows, however long the log
 * is. Events that belong to no approval are about an agent at most.
 */
export async function searchEvents(
  database: Database,
  search: EventSearch,
  limit: number,
): Promise<FoundEvents> {
  const most = mostOf(search, limit)
  const { text, values } =
    search.person === null ? byApproval(search, most, limit) : byPerson(search, most, limit)
  type Row = { looked_at: number } & ({ body: string } | { body: null })
  const { rows } = await reach(() => database.pool.query<Row>({ text, values }))
  return {
    bodies: rows.flatMap(({ body }) => (body === null ? [] : [body])),
    bounded: (rows[0]?.looked_at ?? 0) >= most,
  }
}

/** Where nothing but the person and the time matters, every event that is looked at is one that was searched for. */
function mostOf({ person, agent, tool, subjects }: EventSearch, limit: number): number {
  if (person === null) return mostApprovals
  return agent || tool !== null || subjects ? mostOfPerson : limit
}

function byPerson(search: EventSearch, most: number, limit: number) {
  const values: unknown[] = []
  const parameter = parametersOf(values)
  const text = `with looked_at as materialized (
      select e.id, e.at, e.approval_id, e.body from event e
      where e.person = ${parameter(search.person, 'text')} and ${within('e.at', search, parameter)}
      order by e.at desc, e.id desc limit ${most}
    ), found as (
      select e.id, e.at, e.body from looked_at e left join approval a on a.id = e.approval_id
      where case when e.approval_id is null then ${ofNone(search, parameter)} else ${approvalIs(search, parameter)} end
    ) ${newest(limit)}`
  return { text, values }
}

function byApproval(search: EventSearch, most: number, limit: number) {
  const values: unknown[] = []
  const parameter = parametersOf(values)
  const { agent, tool, subjects, until } = search
  // Ids begin with their time: where nothing is asked for that has an index of its own, theirs gives the newest first.
  const order = agent || tool !== null || subjects ? 'a.created_at desc, a.id desc' : 'a.id desc'
  const begun = until === null ? 'true' : `a.created_at < ${parameter(until, 'timestamptz')}`
  const text = `with looked_at as materialized (
      select a.id from approval a where ${approvalIs(search, parameter)} and ${begun}
      order by ${order} limit ${most}
    ), found as (
      select e.id, e.at, e.body from looked_at join event e on e.approval_id = looked_at.id
      where ${within('e.at', search, parameter)}
      union all
      select e.id, e.at, e.body from event e
      where e.approval_id is null and ${within('e.at', search, parameter)} and ${ofNone(search, parameter)}
    ) ${newest(limit)}`
  return { text, values }
}

const newest = (limit: number) => `select counted.looked_at, newest.body
  from (select count(*)::int as looked_at from looked_at) counted
  left join (select id, at, body from found order by at desc, id desc limit ${limit}) newest on true
  order by newest.at desc, newest.id desc`

function within(at: string, { since, until }: EventSearch, parameter: Parameter): string {
  return [
    'true',
    ...(since === null ? [] : [`${at} >= ${parameter(since, 'timestamptz')}`]),
    ...(until === null ? [] : [`${at} < ${parameter(until, 'timestamptz')}`]),
  ].join(' and ')
}

/** The condition on the approval `a`. */
function approvalIs({ agent, tool, subjects }: EventSearch, parameter: Parameter): string {
  const subject = (subjects ?? []).map(({ id, type }) => {
    const isThat = `a.request -> 'subject' ->> 'id' = ${parameter(id, 'text')}`
    return type === null
      ? isThat
      : `${isThat} and a.request -> 'subject' ->> 'type' = ${parameter(type, 'text')}`
  })
  return [
    'true',
    ...(agent === null ? [] : [`a.agent_id = ${parameter(agent.id, 'text')}`]),
    ...(tool === null ? [] : [`a.tool = ${parameter(tool, 'text')}`]),
    ...(subjects === null ? [] : [`(${subject.join(' or ')})`]),
  ].join(' and ')
}

/** The condition on an event `e` of no approval. */
function ofNone({ agent, tool, subjects }: EventSearch, parameter: Parameter): string {
  if (tool !== null || subjects !== null) return 'false'
  if (agent === null) return 'true'
  const data = `e.body::json -> 'data'`
  return `(${data} ->> 'agent_id' = ${parameter(agent.id, 'text')} or ${data} ->> 'agent' = ${parameter(agent.name, 'text')})`
}
