import type pg from 'pg'
import { reach, transaction, type Database } from './database.ts'

/** How often something may be called. Times are in milliseconds. */
export type Budget = {
  name: string
  /** One call each so often, on the whole. */
  every_ms: number
  /** How far calls may run ahead of that: `9 * every_ms` lets ten through at once after a rest. */
  ahead_ms: number
}

/** Whose call it is: one message has one call at a time. */
export type Caller = { approval_id: string; key: string; channel: string }

/** `place` is the one that the caller had in the queue, null if it did not have to wait. */
export type Turn = { go: true; place: string | null } | { go: false; turn_at: Date }

/** Who did not come by this time after its turn is not counted any more by those behind. */
const lateMs = 60_000

/**
 * Says whether a call may be made now, and counts it then; or when its caller is to come back, and keeps its place.
 * Whoever waits comes back once, unless something held up the queue meanwhile: turns are laid out by how many are
 * ahead, and settled by what was really called. So two calls never come closer than their budgets say, however late
 * somebody is, and nobody's turn is lost by it.
 *
 * @param budgets the call needs room in all of them. Named by all in the same order: they are locked in it
 */
export async function takeTurn(
  database: Database,
  caller: Caller,
  budgets: Budget[],
  now: Date,
): Promise<Turn> {
  return transaction(database, async (client) => {
    const free = await lockBudgets(client, budgets, now)
    const mine = await placeOf(client, caller)
    if (mine && mine.turn_at > now) return { go: false, turn_at: mine.turn_at }
    for (const budget of budgets) {
      const opens = Math.max((free.get(budget.name) ?? 0) - budget.ahead_ms, now.getTime())
      const ahead = await countAhead(client, budget.name, caller, mine, now)
      // Who has waited goes when there is room, whoever is late. Who comes new does not pass those who wait.
      if (opens <= now.getTime() && (mine || ahead === 0)) continue
      const turn_at = new Date(opens + ahead * budget.every_ms)
      await keepPlace(client, caller, budget, { place: mine?.place ?? null, turn_at })
      return { go: false, turn_at }
    }
    await count(client, budgets, free, now)
    if (mine) await client.query(leave(caller))
    return { go: true, place: mine?.place ?? null }
  })
}

/**
 * Closes a budget until `until`, for everybody, because a call was turned away; its caller goes first then.
 *
 * @param place from the turn that the caller had
 */
export async function holdOff(
  database: Database,
  caller: Caller,
  budget: Budget,
  { place, until }: { place: string | null; until: Date },
): Promise<void> {
  const close = `insert into pace (name, free_at) values ($1, $2)
    on conflict (name) do update set free_at = greatest(pace.free_at, $2)`
  await transaction(database, async (client) => {
    await client.query(close, [budget.name, new Date(until.getTime() + budget.ahead_ms)])
    // Nobody waited before one that did not have to wait.
    await keepPlace(client, caller, budget, { place: place ?? '0', turn_at: until })
  })
}

/** Gives up a place: the call is not wanted any more. */
export async function leaveQueue(database: Database, caller: Caller): Promise<void> {
  await reach(() => database.pool.query(leave(caller)))
}

async function lockBudgets(
  client: pg.PoolClient,
  budgets: Budget[],
  now: Date,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; free_at: Date }>({
    name: 'lock-pace',
    text: `insert into pace (name, free_at) select name, $2::timestamptz from unnest($1::text[]) as budget (name)
      on conflict (name) do update set free_at = pace.free_at returning name, free_at`,
    values: [budgets.map(({ name }) => name), now],
  })
  return new Map(rows.map(({ name, free_at }) => [name, free_at.getTime()]))
}

type Place = { place: string; turn_at: Date }

async function placeOf(client: pg.PoolClient, caller: Caller): Promise<Place | undefined> {
  const { rows } = await client.query<Place>({
    name: 'place-of',
    text: 'select place::text, turn_at from turn where approval_id = $1 and key = $2 and channel = $3',
    values: [caller.approval_id, caller.key, caller.channel],
  })
  return rows[0]
}

/** Of those that wait for a budget, how many go before the caller: all where it has no place yet. */
async function countAhead(
  client: pg.PoolClient,
  pace: string,
  caller: Caller,
  mine: Place | undefined,
  now: Date,
): Promise<number> {
  const { rows } = await client.query<{ ahead: number }>({
    name: 'count-ahead',
    text: `with gone as (delete from turn where pace = $1 and turn_at < $2)
      select count(*)::int as ahead from turn where pace = $1 and turn_at >= $2
        and (approval_id, key, channel) <> ($3, $4, $5)
        and ($6::bigint is null or place < $6::bigint)`,
    values: [
      pace,
      new Date(now.getTime() - lateMs),
      caller.approval_id,
      caller.key,
      caller.channel,
      mine?.place ?? null,
    ],
  })
  return rows[0]?.ahead ?? 0
}

/** A caller without a place gets the last one. */
async function keepPlace(
  client: pg.PoolClient,
  caller: Caller,
  { name }: Budget,
  { place, turn_at }: { place: string | null; turn_at: Date },
) {
  await client.query({
    name: 'keep-place',
    text: `insert into turn (approval_id, key, channel, pace, turn_at, place)
      values ($1, $2, $3, $4, $5, coalesce($6::bigint, nextval(pg_get_serial_sequence('turn', 'place'))))
      on conflict (approval_id, key, channel) do update set pace = $4, turn_at = $5, place = excluded.place`,
    values: [caller.approval_id, caller.key, caller.channel, name, turn_at, place],
  })
}

async function count(client: pg.PoolClient, budgets: Budget[], free: Map<string, number>, now: Date) {
  const next = budgets.map(
    ({ name, every_ms }) => new Date(Math.max(free.get(name) ?? 0, now.getTime()) + every_ms),
  )
  await client.query({
    name: 'count-call',
    text: `update pace set free_at = counted.free_at
      from unnest($1::text[], $2::timestamptz[]) as counted (name, free_at) where pace.name = counted.name`,
    values: [budgets.map(({ name }) => name), next],
  })
}

const leave = ({ approval_id, key, channel }: Caller) => ({
  name: 'leave-queue',
  text: 'delete from turn where approval_id = $1 and key = $2 and channel = $3',
  values: [approval_id, key, channel],
})
