import { hash as digest } from 'node:crypto'

// The Merkle tree of RFC 6962, section 2.1, with SHA-256. Sizes and places are whole numbers below 2^53.

/** Of a leaf's text, which is hashed as UTF-8 behind the byte 0. */
export function leafHash(text: string): Buffer {
  return digest('sha256', `\0${text}`, 'buffer')
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1)
  node.set(right, 33)
  return digest('sha256', node, 'buffer')
}

/** The byte 1 and two hashes: used anew for each node, because there are as many nodes as events. */
const node = Buffer.alloc(65, 1)

/** The root of a tree without leaves. */
const emptyRoot = digest('sha256', '', 'buffer')

/** A whole subtree: `size` is a power of two. */
type Peak = { size: number; hash: Uint8Array }

/** A tree that only grows, held as its largest whole subtrees from left to right: 53 of them at most. */
export class GrowingTree {
  readonly #peaks: Peak[]
  #size: number

  /** Goes on from a tree of that size, given the hashes of its largest whole subtrees from left to right; null where they are not as many as it must have. */
  static from(size: number, hashes: readonly Uint8Array[]): GrowingTree | null {
    return wholeSizes(size).length === hashes.length ? new GrowingTree(size, hashes) : null
  }

  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    const sizes = wholeSizes(size)
    if (sizes.length !== hashes.length)
      throw new RangeError(`a tree of ${size} has ${sizes.length} whole subtrees`)
    this.#size = size
    this.#peaks = sizes.map((each, index) => ({ size: each, hash: hashes[index]! }))
  }

  get size(): number {
    return this.#size
  }

  add(leaf: Uint8Array): void {
    let added: Peak = { size: 1, hash: leaf }
    for (let last = this.#peaks.at(-1); last?.size === added.size; last = this.#peaks.at(-1)) {
      added = { size: 2 * added.size, hash: nodeHash(last.hash, added.hash) }
      this.#peaks.pop()
    }
    this.#peaks.push(added)
    this.#size += 1
  }

  root(): Uint8Array {
    return this.#peaks.map(({ hash }) => hash).reduceRight<Uint8Array | null>(joined, null) ?? emptyRoot
  }
}

function joined(right: Uint8Array | null, left: Uint8Array): Uint8Array {
  return right === null ? left : nodeHash(left, right)
}

/** The sizes of the largest whole subtrees of a tree, from left to right: the powers of two that its size is made of. */
export function wholeSizes(size: number): number[] {
  const sizes: number[] = []
  for (let power = 1, rest = size; rest > 0; power *= 2, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) sizes.unshift(power)
  return sizes
}

/** The root over these hashes, each of a subtree of the same size. */
export function rootOver(hashes: readonly Uint8Array[]): Uint8Array {
  const tree = new GrowingTree()
  for (const hash of hashes) tree.add(hash)
  return tree.root()
}

/** The largest power of two that is smaller than `size`, which is at least 2: where a tree is split (RFC 6962). */
export function splitOf(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/**
 * Whether a tree of `to` begins with the tree of `from` (RFC 9162, section 2.1.4.2).
 *
 * @param proof as `consistencyProof` makes it
 */
export function isConsistent(
  from: { size: number; root: Uint8Array },
  to: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (from.size > to.size) return false
  if (from.size === to.size) return proof.length === 0 && same(from.root, to.root)
  if (from.size === 0) return proof.length === 0
  const isWhole = wholeSizes(from.size).length === 1
  const [first, ...rest] = isWhole ? [from.root, ...proof] : proof
  if (first === undefined) return false
  let node = from.size - 1
  let last = to.size - 1
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let [old_root, new_root] = [first, first]
  for (const hash of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      old_root = nodeHash(hash, old_root)
      new_root = nodeHash(hash, new_root)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else new_root = nodeHash(new_root, hash)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && same(old_root, from.root) && same(new_root, to.root)
}

function half(place: number): number {
  return Math.floor(place / 2)
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
