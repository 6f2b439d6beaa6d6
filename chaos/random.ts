import { createHash } from 'node:crypto'

/** Chance that can be had again: the same seed and the same names give the same numbers. */
export type Random = {
  /** In [0, 1). */
  unit(): number
  chance(probability: number): boolean
  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number
  pick<T>(list: readonly T[]): T
  /** `count` different ones, in a random order; all of them where there are not so many. */
  some<T>(list: readonly T[], count: number): T[]
  /** A source of its own, which does not depend on how much was drawn from this one. */
  fork(name: string): Random
}

export function createRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()

  /** mulberry32: 32 bits of state are plenty for choosing who clicks what. */
  function unit(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const between = (least: number, most: number) => least + Math.floor(unit() * (most - least + 1))
  return {
    unit,
    chance: (probability) => unit() < probability,
    between,
    pick<T>(list: readonly T[]): T {
      for (const picked of list.slice(between(0, list.length - 1))) return picked
      throw new Error('nothing to pick from')
    },
    some<T>(list: readonly T[], count: number): T[] {
      const left = [...list]
      const taken: T[] = []
      while (taken.length < count && left.length > 0)
        taken.push(...left.splice(between(0, left.length - 1), 1))
      return taken
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}
