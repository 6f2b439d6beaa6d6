import type { Clock } from '../../platform/clock.ts'
import type { Seal } from '../../platform/seal.ts'
import { newSigningKey, openPrivate } from '../../platform/signing-key.ts'
import type { Database } from '../../store/database.ts'
import { sealInto, type Sealing, type Tile } from '../../store/log.ts'
import { checkpointSigners, signingKey, type SigningKeyRow } from '../../store/signing-keys.ts'
import { eventLeaf } from './leaf.ts'
import { signCheckpoint, type Signer } from './note.ts'
import { skippedAfter } from './skipped.ts'
import { openTiles, peaksAt, tileWidth, type ReadTile, type TilePlace } from './tiles.ts'
import { GrowingTree, rootOver } from './tree.ts'

/** Hashing more at once would hold up whoever waits for this process. */
const mostAtOnce = 5_000

/**
 * `sealed` events were added to the log, and `checkpoint` says so, null where there was nothing to add. `more` where there may be
 * more at once. `sealed_at` is when anything was last added before.
 */
export type Pass = { sealed: number; checkpoint: string | null; more: boolean; sealed_at: Date | null }

export type SealerParts = { database: Database; clock: Clock; seal: Seal }

/** Adds the events that are not in the log yet to its tree, and signs what it is then. Of two passes at once, one waits. */
export async function sealPass({ database, clock, seal }: SealerParts): Promise<Pass> {
  await signingKey(database, 'checkpoint', clock.now, () => newSigningKey(seal))
  return sealInto<Pass>(database, mostAtOnce, clock.now, async (log, found, reading) => {
    const { origin, sealed_at } = log
    const skipped = skippedAfter(log.skipped, log.event_id, found, clock.now())
    const event_id = Math.max(log.event_id, found.events.at(-1)?.id ?? 0)
    if (found.events.length === 0) {
      const changed = JSON.stringify(skipped) !== JSON.stringify(log.skipped)
      const write: Sealing | null = changed
        ? { size: log.size, event_id, skipped, note: null, tiles: [] }
        : null
      return { write, result: { sealed: 0, checkpoint: null, more: false, sealed_at } }
    }
    const grown = createGrowth(await reading.tiles(openTiles(log.size)))
    for (const event of found.events) {
      const leaf = eventLeaf({ ...event, hash: event.hash.toString('hex') })
      grown.add(log.size + grown.added, leaf, event.id)
    }
    const size = log.size + found.events.length
    const signers = await checkpointSigners(
      reading.client,
      found.events.map(({ id }) => id),
    )
    const root = new GrowingTree(size, await peaksAt(grown.read, size)).root()
    const note = signCheckpoint(
      { origin, size, root },
      signers.map((key) => signerOf(seal, origin, key)),
    )
    return {
      write: { size, event_id, skipped, note, tiles: grown.changed() },
      result: {
        sealed: found.events.length,
        checkpoint: note,
        more: found.events.length >= mostAtOnce,
        sealed_at,
      },
    }
  })
}

function signerOf(seal: Seal, name: string, key: SigningKeyRow): Signer {
  return { name, public: key.public, private: openPrivate(seal, key) }
}

/** The tiles on the right side of a tree, while leaves are added to it. */
function createGrowth(open: Tile[]) {
  const tiles = new Map<string, { place: TilePlace; hashes: Uint8Array[]; events: number[] }>()
  for (const { level, index, hashes, events } of open)
    tiles.set(`${level}/${index}`, { place: { level, index }, hashes: hashesIn(hashes), events })
  const changed = new Set<string>()
  let added = 0

  function put(level: number, position: number, hash: Uint8Array): void {
    const place = { level, index: Math.floor(position / tileWidth) }
    const key = `${level}/${place.index}`
    const tile = tiles.get(key) ?? { place, hashes: [], events: [] }
    tiles.set(key, tile)
    tile.hashes.push(hash)
    changed.add(key)
    if (tile.hashes.length === tileWidth) put(level + 1, place.index, rootOver(tile.hashes))
  }

  const read: ReadTile = async ({ level, index }) => tiles.get(`${level}/${index}`)?.hashes ?? []
  return {
    get added() {
      return added
    },
    add(position: number, leaf: Uint8Array, event_id: number): void {
      put(0, position, leaf)
      tiles.get(`0/${Math.floor(position / tileWidth)}`)?.events.push(event_id)
      added += 1
    },
    read,
    changed: (): Tile[] =>
      [...changed].flatMap((key) => {
        const tile = tiles.get(key)
        return tile ? [{ ...tile.place, hashes: Buffer.concat(tile.hashes), events: tile.events }] : []
      }),
  }
}

/** A tile's bytes as hashes. */
export function hashesIn(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, nth) => bytes.subarray(32 * nth, 32 * (nth + 1)))
}
