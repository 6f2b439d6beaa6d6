import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  consistencyProof,
  hashBetween,
  peaksAt,
  tileWidth,
  type TilePlace,
} from '../../src/audit/log/tiles.ts'
import { GrowingTree, isConsistent, leafHash, nodeHash, rootOver } from '../../src/audit/log/tree.ts'

const leaves = Array.from({ length: 66_000 }, (_, nth) => leafHash(`leaf ${nth}`))

/** RFC 6962, section 2.1, word for word, over the leaves of these places; what was hashed before is remembered. */
function treeHash(from: number, to: number): Uint8Array {
  const known = hashed.get(`${from}-${to}`)
  if (known) return known
  const hash = treeHashAnew(from, to)
  hashed.set(`${from}-${to}`, hash)
  return hash
}

function treeHashAnew(from: number, to: number): Uint8Array {
  if (from === to) return createHash('sha256').digest()
  if (to - from === 1) return leaves[from]!
  let middle = 1
  while (middle * 2 < to - from) middle *= 2
  return nodeHash(treeHash(from, from + middle), treeHash(from + middle, to))
}

const hashed = new Map<string, Uint8Array>()

/** The tiles of a tree over the first `size` leaves, as whoever keeps them has them. */
function tilesOf(size: number) {
  return async ({ level, index }: TilePlace) => {
    const each = tileWidth ** level
    const hashes: Uint8Array[] = []
    for (let nth = 0; nth < tileWidth; nth++) {
      const from = (index * tileWidth + nth) * each
      if (from + each > size) break
      hashes.push(treeHash(from, from + each))
    }
    return hashes
  }
}

const sizes = fc.oneof(fc.integer({ min: 1, max: 1_200 }), fc.constantFrom(255, 256, 257, 511, 512, 1_024))

test('known answers: the tree of RFC 6962’s own test vectors', () => {
  // From the tests of Certificate Transparency's first implementation.
  const data = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ]
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  const tree = new GrowingTree()
  expect(Buffer.from(tree.root()).toString('hex')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
  data.forEach((hex, nth) => {
    tree.add(leafHash(Buffer.from(hex, 'hex').toString('utf8')))
    expect(Buffer.from(tree.root()).toString('hex')).toBe(roots[nth])
  })
})

test('a tree that grows, and one that goes on from its peaks, have the root that the RFC defines', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 0, max: 300 }), async (size, more) => {
      const tree = new GrowingTree(size, await peaksAt(tilesOf(size), size))
      expect(tree.root()).toEqual(treeHash(0, size))
      for (const leaf of leaves.slice(size, size + more)) tree.add(leaf)
      expect(tree.root()).toEqual(treeHash(0, size + more))
      expect(tree.size).toBe(size + more)
    }),
    { numRuns: 60 },
  )
})

test.each([65_535, 65_536, 65_537])('so it is where a third level of tiles begins, at %i', async (size) => {
  expect(new GrowingTree(size, await peaksAt(tilesOf(size), size)).root()).toEqual(treeHash(0, size))
  expect(await hashBetween(tilesOf(size), 0, size)).toEqual(treeHash(0, size))
})

test('what is consistent is proven, and nothing else is', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.nat(), fc.nat(), async (a, b, which, bit) => {
      const [from, to] = a < b ? [a, b] : [b, a]
      const old = { size: from, root: treeHash(0, from) }
      const now = { size: to, root: treeHash(0, to) }
      const proof = await consistencyProof(tilesOf(to), from, to)
      expect(isConsistent(old, now, proof)).toBe(true)
      const changed = (hash: Uint8Array) => {
        const copy = Uint8Array.from(hash)
        copy[bit % 32]! ^= 1 << (bit % 8)
        return copy
      }
      expect(isConsistent({ ...old, root: changed(old.root) }, now, proof)).toBe(false)
      expect(isConsistent(old, { ...now, root: changed(now.root) }, proof)).toBe(false)
      expect(isConsistent(old, now, [...proof, old.root])).toBe(false)
      if (proof.length === 0) return
      const at = which % proof.length
      expect(isConsistent(old, now, proof.with(at, changed(proof[at]!)))).toBe(false)
      expect(isConsistent(old, now, proof.toSpliced(at, 1))).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('a root over hashes is that of a tree with these leaves', () => {
  expect(rootOver(leaves.slice(0, 77))).toEqual(treeHash(0, 77))
})
