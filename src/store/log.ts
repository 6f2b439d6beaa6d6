import type pg from 'pg'
import { reach, transaction, type Database } from './database.ts'

/**
 * Event ids, `from` and `to` included, that were not there when a later one was. `horizon` is the number of the next transaction at
 * that time, and `since` the time.
 */
export type Skipped = { from: number; to: number; horizon: string; since: string }

/** How far events were sealed into the log. `sealed_at` is when that was last done, null where it never was. */
export type LogState = {
  origin: string
  size: number
  event_id: number
  skipped: Skipped[]
  sealed_at: Date | null
}

export type SealableEvent = { id: number; approval_id: string | null; seq: number; hash: Buffer }

/**
 * What there is to seal, in the order of the ids, seen at one moment: of the transactions from `oldest` on, some may have been
 * open; none was from `next` on.
 */
export type Found = { events: SealableEvent[]; oldest: bigint; next: bigint }

export type Tile = { level: number; index: number; hashes: Buffer; events: number[] }

/** What the log is after events were sealed. `note` is the checkpoint; null where nothing but `skipped` changed. */
export type Sealing = Pick<LogState, 'size' | 'event_id' | 'skipped'> & { note: string | null; tiles: Tile[] }

/**
 * Seals: alone, whoever else tries.
 *
 * @param limit how many events at most
 * @param build makes what is to be written; null writes nothing
 */
export async function sealInto<T>(
  database: Database,
  limit: number,
  now: () => Date,
  build: (
    log: LogState,
    found: Found,
    reading: { client: pg.PoolClient; tiles(places: Pick<Tile, 'level' | 'index'>[]): Promise<Tile[]> },
  ) => Promise<{ write: Sealing | null; result: T }>,
): Promise<T> {
  return transaction(database, async (client) => {
    const log = await lockLog(client)
    const found = await findUnsealed(client, log, limit)
    const tiles = (places: Pick<Tile, 'level' | 'index'>[]) => readTiles(client, places)
    const { write, result } = await build(log, found, { client, tiles })
    if (write) await keep(client, write, now())
    return result
  })
}

/** Remembers up to which size the log was shown to people. */
export async function markWitnessed(database: Database, size: number): Promise<void> {
  const text = 'update log set witnessed = greatest(witnessed, $1::bigint)'
  await reach(() => database.pool.query({ name: 'mark-witnessed', text, values: [size] }))
}

async function lockLog(client: pg.PoolClient): Promise<LogState> {
  const { rows } = await client.query<
    Omit<LogState, 'size' | 'event_id'> & { size: string; event_id: string }
  >({
    name: 'lock-log',
    text: `select origin, size, event_id, skipped, sealed_at from log for update`,
  })
  const row = rows[0]
  if (!row) throw new Error('the table log has lost its row')
  return { ...row, size: Number(row.size), event_id: Number(row.event_id) }
}

async function findUnsealed(
  client: pg.PoolClient,
  { event_id, skipped }: LogState,
  limit: number,
): Promise<Found> {
  // One statement, so that the events and the transactions are seen at the same moment.
  const text = `select pg_snapshot_xmin(now.snapshot)::text as oldest, pg_snapshot_xmax(now.snapshot)::text as next, e.*
    from (select pg_current_snapshot() as snapshot) now left join (
      select e.id, e.approval_id, e.seq, e.hash
      from unnest($2::bigint[], $3::bigint[]) as s ("from", "to") join event e on e.id between s."from" and s."to"
      union all
      (select id, approval_id, seq, hash from event where id > $1 order by id limit $4::int)
    ) e on true order by e.id`
  const { rows } = await client.query<
    { oldest: string; next: string } & ({ id: null } | (Omit<SealableEvent, 'id'> & { id: string }))
  >({
    name: 'find-unsealed',
    text,
    values: [event_id, skipped.map(({ from }) => from), skipped.map(({ to }) => to), limit],
  })
  const [first] = rows
  if (!first) throw new Error('PostgreSQL has no snapshot')
  const events = rows.flatMap((row): SealableEvent[] => {
    if (row.id === null) return []
    const { id, approval_id, seq, hash } = row
    return [{ id: Number(id), approval_id, seq, hash }]
  })
  return { events, oldest: BigInt(first.oldest), next: BigInt(first.next) }
}

async function keep(client: pg.PoolClient, sealing: Sealing, sealed_at: Date): Promise<void> {
  const { size, event_id, skipped, note, tiles } = sealing
  for (const { level, index, hashes, events } of tiles)
    await client.query({
      name: 'keep-tile',
      text: `insert into log_tile (level, index, hashes, events) values ($1, $2, $3, $4)
        on conflict (level, index) do update set hashes = excluded.hashes, events = excluded.events`,
      values: [level, index, hashes, events],
    })
  await client.query({
    name: 'keep-log',
    text: `with said as (
        insert into checkpoint (size, note, sealed_at) select $1::bigint, $4, $5::timestamptz where $4::text is not null
      ) update log set size = $1::bigint, event_id = $2::bigint, skipped = $3, sealed_at = $5`,
    values: [size, event_id, JSON.stringify(skipped), note, sealed_at],
  })
}

export async function readTiles(
  queryable: Pick<pg.PoolClient, 'query'>,
  places: Pick<Tile, 'level' | 'index'>[],
): Promise<Tile[]> {
  const { rows } = await queryable.query<
    Omit<Tile, 'index' | 'events'> & { index: string; events: string[] }
  >({
    name: 'read-tiles',
    text: `select t.level, t.index, t.hashes, t.events from log_tile t
      join unnest($1::int[], $2::bigint[]) as place (level, index) using (level, index)`,
    values: [places.map(({ level }) => level), places.map(({ index }) => index)],
  })
  return rows.map((row) => ({ ...row, index: Number(row.index), events: row.events.map(Number) }))
}
