import { reach, type Database } from './database.ts'
import { readTiles, type LogState, type Tile } from './log.ts'

/** An event with all that evidence is computed over. */
export type StoredEvent = {
  id: number
  approval_id: string | null
  seq: number
  hash: Buffer
  body: string
}

/** An event, and the hash of the one before it in its chain: null where there is none, or its row is gone. */
export type FollowingEvent = StoredEvent & { previous: Buffer | null }

/** A place in the log. `event` is null where its row is gone. */
export type StoredLeaf = { id: number; event: FollowingEvent | null }

type EventRow = Omit<StoredEvent, 'id'> & { id: string }

/** `FollowingEvent` of `event e`. Two look-ups of the event before: the index of approvals' events does not hold those that belong to none. */
const following = `e.id, e.approval_id, e.seq, e.hash, e.body, coalesce(
    (select p.hash from event p where p.approval_id = e.approval_id and p.seq = e.seq - 1),
    (select p.hash from event p where p.approval_id is null and e.approval_id is null and p.seq = e.seq - 1)) as previous`

export async function readLog(database: Database): Promise<LogState & { witnessed: number }> {
  const row = await reach(() => database.prisma.log.findUniqueOrThrow({ where: { id: 1 } }))
  return {
    origin: row.origin,
    size: Number(row.size),
    event_id: Number(row.event_id),
    skipped: row.skipped as LogState['skipped'],
    sealed_at: row.sealed_at,
    witnessed: Number(row.witnessed),
  }
}

/** How far the log has come; `overdue` counts events that have waited for their seal for longer than `patience_s` seconds. */
export async function sealingState(
  database: Database,
  patience_s: number,
): Promise<{ size: number; sealed_at: Date | null; overdue: number }> {
  const text = `select size, sealed_at, (
      select count(*)::int from event where id > log.event_id and at < clock_timestamp() - make_interval(secs => $1)
    ) as overdue from log`
  type Row = { size: string; sealed_at: Date | null; overdue: number }
  const { rows } = await reach(() => database.pool.query<Row>(text, [patience_s]))
  const { size = '0', sealed_at = null, overdue = 0 } = rows[0] ?? {}
  return { size: Number(size), sealed_at, overdue }
}

export async function readLogTiles(
  database: Database,
  places: Pick<Tile, 'level' | 'index'>[],
): Promise<Tile[]> {
  return reach(() => readTiles(database.pool, places))
}

/** The events of these ids, in this order. */
export async function readLeaves(database: Database, ids: number[]): Promise<StoredLeaf[]> {
  const text = `select s.id as leaf_id, ${following}
    from unnest($1::bigint[]) with ordinality as s (id, nth) left join event e on e.id = s.id order by s.nth`
  type Row = { leaf_id: string; previous: Buffer | null } & (EventRow | { id: null })
  const { rows } = await reach(() => database.pool.query<Row>({ name: 'read-leaves', text, values: [ids] }))
  return rows.map(({ leaf_id, previous, ...row }) => ({
    id: Number(leaf_id),
    event: row.id === null ? null : { ...toEvent(row), previous },
  }))
}

/** Events that a look for what is to be sealed would find now, at most `limit`. */
export async function readUnsealed(
  database: Database,
  { event_id, skipped }: Pick<LogState, 'event_id' | 'skipped'>,
  limit: number,
): Promise<FollowingEvent[]> {
  const text = `select ${following} from event e
    where e.id > $1 or exists (
      select from unnest($2::bigint[], $3::bigint[]) as s ("from", "to") where e.id between s."from" and s."to")
    order by e.id limit $4::int`
  const values = [event_id, skipped.map(({ from }) => from), skipped.map(({ to }) => to), limit]
  type Row = EventRow & { previous: Buffer | null }
  const { rows } = await reach(() => database.pool.query<Row>({ text, values }))
  return rows.map(({ previous, ...row }) => ({ ...toEvent(row), previous }))
}

/** The first event ids that are looked at for strays, and the tiles that tell of them. */
export type StrayWindow = { above: number; first_tile: number; last_tile: number }

/** Ids come into the log nearly in their order. Only what is farther from its place than so many tiles is looked for everywhere. */
const nearTiles = 64

/**
 * Events that are not in the log though an event after them is: of ids above `above`, up to the highest in these tiles, where the
 * next window begins. Not more than `limit`.
 */
export async function readStrays(
  database: Database,
  log: Pick<LogState, 'event_id' | 'skipped'>,
  window: StrayWindow,
  limit: number,
): Promise<{ strays: StoredEvent[]; up_to: number }> {
  const { suspects, up_to } = await readSuspects(database, log, window, limit)
  if (suspects.length === 0) return { strays: [], up_to }
  // Reads every tile: there are suspects where ids were given out long before they were used, or somebody has been at it.
  const text = `select e.id, e.approval_id, e.seq, e.hash, e.body from (
      select unnest($1::bigint[]) as id except select unnest(events) from log_tile where level = 0
    ) stray join event e using (id) order by e.id`
  const { rows } = await reach(() => database.pool.query<EventRow>({ text, values: [suspects] }))
  return { strays: rows.map(toEvent), up_to }
}

/** The ids in a window that are not near their place. Sets are taken from one another, which is fast whatever the planner knows. */
async function readSuspects(
  database: Database,
  { event_id, skipped }: Pick<LogState, 'event_id' | 'skipped'>,
  { above, first_tile, last_tile }: StrayWindow,
  limit: number,
): Promise<{ suspects: string[]; up_to: number }> {
  const text = `with near as materialized (
      select unnest(events) as id, index between $2 and $3 as within from log_tile
      where level = 0 and index between $2 - $4 and $3 + $4
    ),
    -- Of what was sealed since the log was looked at, it is not known what was skipped.
    bounds as materialized (select least(max(id), $8::bigint) as up_to from near where within),
    suspects as (
      select id from event where id > $1 and id <= (select up_to from bounds)
      except select id from near
    )
    select up_to, array(
      select id from suspects where not exists (
        select from unnest($5::bigint[], $6::bigint[]) as s ("from", "to") where id between s."from" and s."to")
      order by id limit $7::int) as suspects
    from bounds`
  const { rows } = await reach(() =>
    database.pool.query<{ up_to: string | null; suspects: string[] }>({
      name: 'read-suspects',
      text,
      values: [
        above,
        first_tile,
        last_tile,
        nearTiles,
        skipped.map(({ from }) => from),
        skipped.map(({ to }) => to),
        limit,
        event_id,
      ],
    }),
  )
  const { up_to = null, suspects = [] } = rows[0] ?? {}
  return { suspects, up_to: Math.max(above, Number(up_to ?? 0)) }
}

/** The newest checkpoint; null before the first. */
export async function newestCheckpoint(database: Database): Promise<{ size: number; note: string } | null> {
  const text = 'select size, note from checkpoint order by size desc limit 1'
  const { rows } = await reach(() =>
    database.pool.query<{ size: string; note: string }>({ name: 'newest-checkpoint', text }),
  )
  return rows[0] ? { size: Number(rows[0].size), note: rows[0].note } : null
}

/** The size of the newest checkpoint made before `at`, 0 where there is none; and of the oldest one from then on, if any. */
export async function checkpointsAround(
  database: Database,
  at: Date,
): Promise<{ before: number; after: number | null }> {
  const text = `select (select max(size) from checkpoint where sealed_at < $1) as before,
      (select min(size) from checkpoint where sealed_at >= $1) as after`
  const { rows } = await reach(() =>
    database.pool.query<{ before: string | null; after: string | null }>(text, [at]),
  )
  const { before = null, after = null } = rows[0] ?? {}
  return { before: Number(before ?? 0), after: after === null ? null : Number(after) }
}

/**
 * Checkpoints of sizes above `from` up to `to`, in their order, of which the last is always there: no more than about `most`,
 * evenly spread, and besides those that several keys have signed.
 */
export async function readCheckpoints(
  database: Database,
  { from, to, most }: { from: number; to: number; most: number },
): Promise<{ size: number; note: string }[]> {
  const text = `select size, note from (
      select size, note, lead(size) over (order by size) as next from checkpoint where size > $1 and size <= $2
    ) c
    where next is null or (next - $1 - 1) / $3 > (size - $1 - 1) / $3 or note ~ E'\\n— [^\\n]*\\n— '
    order by size`
  const spacing = Math.max(1, Math.ceil((to - from) / most))
  const { rows } = await reach(() =>
    database.pool.query<{ size: string; note: string }>(text, [from, to, spacing]),
  )
  return rows.map(({ size, note }) => ({ size: Number(size), note }))
}

/** The checkpoint of exactly this size. */
export async function readCheckpoint(database: Database, size: number): Promise<string | null> {
  const found = await reach(() => database.prisma.checkpoint.findUnique({ where: { size: BigInt(size) } }))
  return found?.note ?? null
}

function toEvent({ id, approval_id, seq, hash, body }: EventRow): StoredEvent {
  return { id: Number(id), approval_id, seq, hash, body }
}
