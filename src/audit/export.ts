import type { Clock } from '../platform/clock.ts'
import type { Database } from '../store/database.ts'
import {
  checkpointsAround,
  newestCheckpoint,
  readCheckpoint,
  readCheckpoints,
  readLeaves,
  readLog,
  readLogTiles,
  readStrays,
  readUnsealed,
  type FollowingEvent,
  type StoredEvent,
} from '../store/log-reading.ts'
import { listSigningKeys } from '../store/signing-keys.ts'
import { verifierKey } from './log/note.ts'
import { hashesIn } from './log/seal.ts'
import type { Span } from './moment.ts'
import { consistencyProof, peaksAt, tileWidth, type ReadTile } from './log/tiles.ts'

/** How far an export has come, in events. */
export type Progress = { done: number; of: number }

/** An event is sealed within this time of its being written, or the sealer was away. */
const latestSealMs = 60_000

/** More checkpoints would make a file long to verify, and say nothing more but between which two of them something is wrong. */
const mostCheckpoints = 1_024

/** So many tiles are read, and their events, at once. */
const tilesAtOnce = 16

/** Strays are looked for among the events of so many tiles at once. */
const strayTiles = 256

/** More strays of one look, and more unsealed events, are not listed: a verifier stops at the first stray. */
const mostListed = 10_000

/**
 * The lines of an export, each a JSON text: docs/evidence.md has their format. However long the log is, only a part of it is in
 * memory.
 *
 * @param onProgress called now and then
 */
export async function* exportLines(
  { database, clock }: { database: Database; clock: Clock },
  { since, until }: Span,
  onProgress: (progress: Progress) => void = () => undefined,
): AsyncGenerator<string> {
  const log = await readLog(database)
  const { from, to } = await rangeOf(database, { since, until })
  const read = tileReader(database)
  yield line('header', {
    countersign_audit_export: 1,
    origin: log.origin,
    made_at: clock.now(),
    since,
    until,
    from,
    to,
    peaks: (await peaksAt(read, from)).map(hex),
    checkpoint: from === 0 ? null : await readCheckpoint(database, from),
    keys: await verifierKeys(database, log.origin),
  })

  const checkpoints = await readCheckpoints(database, { from, to, most: mostCheckpoints })
  const first_tile = Math.floor(from / tileWidth)
  const end_tile = Math.ceil(to / tileWidth)
  let next = 0
  let done = from
  for (let tile = first_tile; tile < end_tile; tile += tilesAtOnce) {
    for (const leaf of await leavesOf(database, tile, tilesAtOnce, { from, to })) {
      yield leafLine(leaf, from > 0)
      done = leaf.place + 1
      if (checkpoints[next]?.size === done) yield line('checkpoint', { note: checkpoints[next++]!.note })
    }
    onProgress({ done: done - from, of: to - from })
  }
  let above = await highestBefore(database, from)
  for (let tile = first_tile; tile < end_tile; tile += strayTiles) {
    const window = { above, first_tile: tile, last_tile: Math.min(tile + strayTiles, end_tile) - 1 }
    const { strays, up_to } = await readStrays(database, log, window, mostListed)
    for (const stray of strays) yield line('stray', fieldsOf(stray))
    above = up_to
  }
  const newest = await newestCheckpoint(database)
  if (newest && newest.size > to) {
    const proof = await consistencyProof(read, to, newest.size)
    yield line('consistency', { note: newest.note, proof: proof.map(hex) })
  }
  const unsealed =
    newest === null || newest.size === to
      ? await readUnsealed(database, await readLog(database), mostListed)
      : []
  for (const event of unsealed) yield line('unsealed', followingFieldsOf(event, from > 0))
  yield line('end', { events: to - from, checkpoints: next, unsealed: unsealed.length })
}

/** The log's checkpoint keys of all times, the first one first. */
export async function verifierKeys(database: Database, name: string): Promise<string[]> {
  const keys = await listSigningKeys(database, 'checkpoint')
  return keys.map((key) => verifierKey({ name, public: key.public })).toReversed()
}

/** From one checkpoint to another, so that an export begins and ends with what was signed. */
async function rangeOf(database: Database, { since, until }: Span): Promise<{ from: number; to: number }> {
  const newest = (await newestCheckpoint(database))?.size ?? 0
  const from = since === null ? 0 : (await checkpointsAround(database, since)).before
  const end = until === null ? null : new Date(until.getTime() + latestSealMs)
  const to = end === null ? newest : ((await checkpointsAround(database, end)).after ?? newest)
  return { from, to: Math.max(from, to) }
}

type PlacedLeaf = {
  place: number
  leaf_hash: Uint8Array
  id: number
  event: FollowingEvent | null
}

async function leavesOf(
  database: Database,
  first: number,
  count: number,
  { from, to }: { from: number; to: number },
): Promise<PlacedLeaf[]> {
  const places = Array.from({ length: count }, (_, nth) => ({ level: 0, index: first + nth }))
  const tiles = (await readLogTiles(database, places)).toSorted((a, b) => a.index - b.index)
  const sealed = tiles.flatMap(({ index, hashes, events }) =>
    hashesIn(hashes).map((leaf_hash, nth) => ({
      place: index * tileWidth + nth,
      leaf_hash,
      id: events[nth]!,
    })),
  )
  const wanted = sealed.filter(({ place }) => place >= from && place < to)
  const stored = await readLeaves(
    database,
    wanted.map(({ id }) => id),
  )
  return wanted.map((leaf, nth) => ({ ...leaf, event: stored[nth]!.event }))
}

/** The highest id among the last events before a place of the log, 0 at its beginning. */
async function highestBefore(database: Database, place: number): Promise<number> {
  if (place === 0) return 0
  const index = Math.floor((place - 1) / tileWidth)
  const [tile] = await readLogTiles(database, [{ level: 0, index }])
  return Math.max(0, ...(tile?.events.slice(0, place - index * tileWidth) ?? []))
}

function leafLine({ place, leaf_hash, id, event }: PlacedLeaf, with_previous: boolean): string {
  if (!event) return line('missing', { leaf: place, id, leaf_hash: hex(leaf_hash) })
  return line('event', { leaf: place, leaf_hash: hex(leaf_hash), ...followingFieldsOf(event, with_previous) })
}

/** Of an export that does not begin at the beginning, the first event of a chain follows one that is not in it. */
function followingFieldsOf({ previous, ...event }: FollowingEvent, with_previous: boolean): object {
  return with_previous && previous !== null
    ? { ...fieldsOf(event), previous: hex(previous) }
    : fieldsOf(event)
}

function fieldsOf({ id, approval_id, seq, hash, body }: StoredEvent): object {
  return { id, approval_id, seq, hash: hex(hash), body }
}

function line(kind: string, fields: object): string {
  return JSON.stringify({ kind, ...fields })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** Remembers the tiles of the higher levels, which are asked for again and again; of a log of ten million events, 160 of them. */
function tileReader(database: Database): ReadTile {
  const known = new Map<string, readonly Uint8Array[]>()
  return async (place) => {
    const key = `${place.level}/${place.index}`
    const found = known.get(key)
    if (found) return found
    const [tile] = await readLogTiles(database, [place])
    const hashes = tile ? hashesIn(tile.hashes) : []
    if (place.level > 0) known.set(key, hashes)
    return hashes
  }
}
