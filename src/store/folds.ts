import type pg from 'pg'
import { transaction, type Database } from './database.ts'

// Ids of events are given out in their order, and become visible when their transactions are committed: an id may appear after a
// larger one. So a fold goes only as far as where nothing will appear any more. It marks the newest id that it sees with the number of
// the next transaction; once no older one is open, everything up to the mark is there or never will be. That rests on an event's
// transaction having its number before the event has its id: it has, as each locks or changes a row first.

/** An audit event as it is counted; `fresh` where it was not counted before. */
export type EventToFold = {
  id: string
  approval_id: string
  agent: string
  tool: string
  seq: number
  type: string
  at: Date
  actor: { type: string; slack_user_id?: string; version?: number }
  data: unknown
  /** When the same person voted last before, where this is a vote. */
  voted_before: Date | null
  fresh: boolean
}

/** How a pass ended: how many events were folded, and whether everything was that was there when it began. */
export type Folded = { events: number; caught_up: boolean }

/** One pass at a time, of whatever generation. */
export const foldLock = 0x4353_464f

/**
 * Folds the next events, each once, whoever tries at the same time and whatever is killed in between: what they come to and how far it
 * went are one transaction.
 *
 * @param generation null for the one that is read
 * @param keep writes what they come to; gets all events of their approvals up to the last one
 */
export async function foldNext(
  database: Database,
  generation: number | null,
  { types, limit, now }: { types: readonly string[]; limit: number; now: () => Date },
  keep: (client: pg.PoolClient, generation: number, events: EventToFold[]) => Promise<void>,
): Promise<Folded> {
  return transaction(database, async (client) => {
    // Not a row's lock: that would give this transaction a number, and there would always be an open one.
    await client.query('select pg_advisory_xact_lock($1)', [foldLock])
    const { rows } = await client.query<State>({ name: 'look-at-fold', text: look, values: [generation] })
    const state = rows[0]
    // It is gone: another one was made in the meantime.
    if (!state) return { events: 0, caught_up: true }
    const { safe, as_of, mark } = settled(state, now())
    const events = await findEvents(client, [state.event_id, safe, types, limit])
    const fresh = events.filter((event) => event.fresh)
    const reached = fresh.length < limit ? safe : BigInt(fresh.at(-1)?.id ?? safe)
    if (fresh.length > 0) await keep(client, state.generation, events)
    const values = [reached, mark.id, mark.horizon, mark.at, reached === safe ? as_of : null]
    await client.query({ name: 'keep-fold', text: advance, values: [state.generation, ...values] })
    return { events: fresh.length, caught_up: reached >= BigInt(state.newest) }
  })
}

/** `oldest` is the number of the oldest open transaction, `next` that of the next one; `newest` the largest id there is. */
type State = {
  generation: number
  event_id: string
  mark_id: string
  horizon: string
  marked_at: Date | null
  oldest: string
  next: string
  newest: string
}

type Mark = { id: bigint; horizon: bigint; at: Date }

// One statement, so that the transactions and the events are seen at the same moment.
const look = `select f.generation, f.event_id, f.mark_id, f.horizon, f.marked_at,
    pg_snapshot_xmin(now.snapshot)::text as oldest, pg_snapshot_xmax(now.snapshot)::text as next,
    (select coalesce(max(id), 0) from event) as newest
  from fold f, (select pg_current_snapshot() as snapshot) now
  where case when $1::int is null then f.serving else f.generation = $1::int end`

const advance = `update fold set event_id = $2, mark_id = $3, horizon = $4, marked_at = $5, as_of = coalesce($6, as_of)
  where generation = $1`

/**
 * Up to which id everything is there, of which moment that is the whole, and the mark for the pass after this one. While the mark is
 * waited for it stays where it is.
 */
function settled(state: State, now: Date): { safe: bigint; as_of: Date | null; mark: Mark } {
  const [oldest, next] = [BigInt(state.oldest), BigInt(state.next)]
  const here = { id: BigInt(state.newest), horizon: next, at: now }
  if (oldest === next) return { safe: here.id, as_of: now, mark: here }
  const marked = { id: BigInt(state.mark_id), horizon: BigInt(state.horizon), at: state.marked_at ?? now }
  // What was restored from another server has a horizon that this one may never reach.
  if (state.marked_at === null || marked.horizon > next)
    return { safe: BigInt(state.event_id), as_of: null, mark: here }
  const isOver = marked.horizon <= oldest
  return isOver
    ? { safe: marked.id, as_of: marked.at, mark: here }
    : { safe: BigInt(state.event_id), as_of: null, mark: marked }
}

/** The next events of these types after one id and up to another, with those before them of the same approvals; in their order. */
async function findEvents(client: pg.PoolClient, values: unknown[]): Promise<EventToFold[]> {
  const text = `with next as (
      select id, approval_id from event
      where id > $1::bigint and id <= $2::bigint and type = any($3::text[]) and approval_id is not null order by id limit $4::int
    ), last as (select max(id) as id from next)
    select e.id, e.approval_id, a.agent_name as agent, a.tool, e.seq, e.type, e.at, e.body::json->'actor' as actor,
      case when e.type in ('approval.requested', 'action.edited')
        then json_build_object('effect', e.body::json #> '{data,plan,effect}', 'stages', e.body::json #> '{data,plan,stages}')
        else e.body::json->'data' end as data,
      case when e.type = 'vote.cast' then (select b.at from event b
        where b.person = e.person and b.type = 'vote.cast' and b.id < e.id order by b.id desc limit 1) end as voted_before,
      e.id > $1::bigint as fresh
    from event e join approval a on a.id = e.approval_id, last
    where e.approval_id in (select approval_id from next) and e.id <= last.id and e.type = any($3::text[])
    order by e.id`
  return (await client.query<EventToFold>({ name: 'find-events-to-fold', text, values })).rows
}
