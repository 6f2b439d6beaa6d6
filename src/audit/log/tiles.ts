import { rootOver, splitOf, wholeSizes } from './tree.ts'

// Of the tree, every eighth level is kept: a tile of level 0 holds the hashes of 256 leaves, one of level 1 those of 256 tiles of
// level 0, and so on (as in https://c2sp.org/tlog-tiles). What is between is computed. A leaf costs its 32 bytes and little more.

/** How many hashes a full tile has. */
export const tileWidth = 256

/** A tile's place: `index` counts the tiles of its level from the left. */
export type TilePlace = { level: number; index: number }

/** Gives the hashes of a tile, as many as there are. */
export type ReadTile = (place: TilePlace) => Promise<readonly Uint8Array[]>

/** The places of the tiles that are begun and not full, in a tree of that size. */
export function openTiles(size: number): TilePlace[] {
  const places: TilePlace[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth))
    if (count % tileWidth > 0) places.push({ level, index: Math.floor(count / tileWidth) })
  return places
}

/** The hash of the tree over the leaves from `from` to before `to`, of which there is at least one. */
export async function hashBetween(read: ReadTile, from: number, to: number): Promise<Uint8Array> {
  const size = to - from
  if (wholeSizes(size).length === 1 && from % size === 0) return wholeHash(read, from, size)
  const middle = from + splitOf(size)
  return rootOver([await hashBetween(read, from, middle), await hashBetween(read, middle, to)])
}

async function wholeHash(read: ReadTile, from: number, size: number): Promise<Uint8Array> {
  let level = 0
  let each = 1
  while (each * tileWidth <= size) [level, each] = [level + 1, each * tileWidth]
  const first = from / each
  const hashes = await read({ level, index: Math.floor(first / tileWidth) })
  const part = hashes.slice(first % tileWidth, (first % tileWidth) + size / each)
  if (part.length !== size / each) throw new Error(`a tile of level ${level} lacks hashes`)
  return rootOver(part)
}

/** The hashes of the largest whole subtrees of the tree of that size, from left to right. */
export async function peaksAt(read: ReadTile, size: number): Promise<Uint8Array[]> {
  const peaks: Uint8Array[] = []
  let from = 0
  for (const each of wholeSizes(size)) {
    peaks.push(await wholeHash(read, from, each))
    from += each
  }
  return peaks
}

/** Proves that the tree of size `to` begins with that of size `from` (RFC 6962, section 2.1.2). */
export async function consistencyProof(read: ReadTile, from: number, to: number): Promise<Uint8Array[]> {
  return from === 0 ? [] : subProof(read, from, 0, to, true)
}

async function subProof(
  read: ReadTile,
  old: number,
  from: number,
  to: number,
  is_known: boolean,
): Promise<Uint8Array[]> {
  const size = to - from
  if (old === size) return is_known ? [] : [await hashBetween(read, from, to)]
  const middle = from + splitOf(size)
  if (old <= middle - from)
    return [...(await subProof(read, old, from, middle, is_known)), await hashBetween(read, middle, to)]
  return [
    ...(await subProof(read, old - (middle - from), middle, to, false)),
    await hashBetween(read, from, middle),
  ]
}
