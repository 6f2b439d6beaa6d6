import type pg from 'pg'
import { reach, transaction, type Database } from './database.ts'
import { foldLock } from './folds.ts'

/** What figures are kept of: see the schema. */
export type RollupKey = { agent: string; dimension: string; span: string; at: Date; key: string }

export type RollupRow = RollupKey & {
  counts: Record<string, number>
  sums: Record<string, string>
  buckets: number[]
  held: number[]
}

/** A connection, within a transaction. */
export type Queries = Pick<pg.ClientBase, 'query'>

/** A window of spans of one kind: from `from` on and before `to`. */
export type RollupPiece = { span: string; from: Date; to: Date }

const columns = 'agent, dimension, span, at, key, counts, sums, buckets, held'

/** The same to be read: arrays of numbers are read faster as JSON, by far. */
const read =
  'agent, dimension, span, at, key, counts, sums, array_to_json(buckets) as buckets, array_to_json(held) as held'

/** Of the generation that is read, the rows of these windows. */
export async function readRollups(
  database: Database,
  { agent, dimension, key }: { agent: string; dimension: string; key?: string },
  pieces: RollupPiece[],
): Promise<RollupRow[]> {
  const text = `select ${read} from unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) as piece ("of", "from", "to")
    join rollup r on r.generation = (select generation from fold where serving) and r.agent = $1 and r.dimension = $2
      and r.span = piece.of and r.at >= piece.from and r.at < piece.to
    where $6::text is null or r.key = $6`
  const values = [
    agent,
    dimension,
    pieces.map((p) => p.span),
    pieces.map((p) => p.from),
    pieces.map((p) => p.to),
    key ?? null,
  ]
  const { rows } = await reach(() => database.pool.query<RollupRow>({ name: 'read-rollups', text, values }))
  return rows
}

/** Until when everything recorded is in the figures that are read; null where nothing is yet. */
export async function readAsOf(database: Database): Promise<Date | null> {
  const text = 'select as_of from fold where serving'
  const { rows } = await reach(() =>
    database.pool.query<{ as_of: Date | null }>({ name: 'read-as-of', text }),
  )
  return rows[0]?.as_of ?? null
}

/** The rows of these keys, of those that there are; for whoever is about to write them. */
export async function findRollups(
  client: Queries,
  generation: number,
  keys: readonly RollupKey[],
): Promise<RollupRow[]> {
  const { rows } = await client.query<RollupRow>({
    name: 'find-rollups',
    text: `select ${read} from rollup
      join unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) as wanted (agent, dimension, span, at, key)
      using (agent, dimension, span, at, key) where generation = $1`,
    values: [generation, ...columnsOf(keys)],
  })
  return rows
}

/** Writes rows as they are from now on. */
export async function keepRollups(
  client: Queries,
  generation: number,
  rows: readonly RollupRow[],
): Promise<void> {
  await client.query({
    name: 'keep-rollups',
    text: `insert into rollup (generation, ${columns})
      select $1, k.agent, k.dimension, k.span, k.at, k.key, k.counts, k.sums, k.buckets::int[], k.held::int[]
      from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::json[], $8::json[], $9::text[], $10::text[])
        as k (agent, dimension, span, at, key, counts, sums, buckets, held)
      on conflict (generation, agent, dimension, span, at, key) do update
        set counts = excluded.counts, sums = excluded.sums, buckets = excluded.buckets, held = excluded.held`,
    values: [
      generation,
      ...columnsOf(rows),
      rows.map(({ counts }) => JSON.stringify(counts)),
      rows.map(({ sums }) => JSON.stringify(sums)),
      rows.map(({ buckets }) => `{${buckets.join()}}`),
      rows.map(({ held }) => `{${held.join()}}`),
    ],
  })
}

function columnsOf(keys: readonly RollupKey[]): unknown[][] {
  return [
    keys.map(({ agent }) => agent),
    keys.map(({ dimension }) => dimension),
    keys.map(({ span }) => span),
    keys.map(({ at }) => at),
    keys.map(({ key }) => key),
  ]
}

/** Begins a generation beside the one that is read, in the place of any that was begun and not finished. */
export async function beginGeneration(database: Database): Promise<number> {
  return transaction(database, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [foldLock])
    // A number is used once, so that whoever was making the other one notices.
    const { rows } = await client.query<{ generation: number }>(
      `insert into fold (generation, serving, event_id, mark_id, horizon)
       select max(generation) + 1, false, 0, 0, 0 from fold returning generation`,
    )
    const generation = rows[0]?.generation
    if (generation === undefined) throw new Error('the table fold has lost its row')
    const unfinished = 'select generation from fold where not serving and generation <> $1'
    await client.query(`delete from rollup where generation in (${unfinished})`, [generation])
    await client.query('delete from fold where not serving and generation <> $1', [generation])
    return generation
  })
}

/** From now on this generation is read, and all others are gone. False where it is gone itself. */
export async function serveGeneration(database: Database, generation: number): Promise<boolean> {
  return transaction(database, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [foldLock])
    const { rowCount } = await client.query('update fold set serving = true where generation = $1', [
      generation,
    ])
    if (rowCount !== 1) return false
    await client.query('delete from fold where generation <> $1', [generation])
    await client.query('delete from rollup where generation <> $1', [generation])
    return true
  })
}
