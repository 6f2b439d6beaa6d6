import { Unavailable } from '../platform/unavailable.ts'

/** More in one statement only makes everybody wait for the longest. */
const mostAtOnce = 32

/**
 * Does together what is asked for at about the same time: nobody waits for company, but whatever arrives while one batch
 * is under way goes into the next, so that under load many share one round trip and one commit.
 *
 * @param work gives one result for each item, in the same order, or throws and has then done nothing
 * @returns the result for the item. Where a batch throws, each of its items is worked on alone, so that one that cannot
 *   be done takes no others down with it; not so where the database is away
 */
export function gather<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  type Asked = { item: Item; resolve(result: Result): void; reject(error: unknown): void }
  const waiting: Asked[] = []
  let busy = false

  async function settle(batch: Asked[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result))
    } catch (error) {
      if (batch.length === 1 || error instanceof Unavailable) for (const { reject } of batch) reject(error)
      else for (const one of batch) await settle([one])
    }
  }

  async function workThrough(): Promise<void> {
    busy = true
    while (waiting.length > 0) await settle(waiting.splice(0, mostAtOnce))
    busy = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!busy) void workThrough()
    })
}

/** The same for each lane by itself: the items of one wait for one another, and for those of no other. */
export function gatherByLane<Item, Result>(
  laneOf: (item: Item) => string,
  work: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  const lanes = new Map<string, { ask: (item: Item) => Promise<Result>; inside: number }>()
  return async (item) => {
    const name = laneOf(item)
    const lane = lanes.get(name) ?? { ask: gather(work), inside: 0 }
    lanes.set(name, lane)
    lane.inside++
    try {
      return await lane.ask(item)
    } finally {
      if (--lane.inside === 0) lanes.delete(name)
    }
  }
}

/** What is made for a thing the first time that it is asked for, and kept as long as the thing. */
export function onceFor<Thing extends object, Made>(make: (thing: Thing) => Made): (thing: Thing) => Made {
  const made = new WeakMap<Thing, Made>()
  return (thing) => {
    const kept = made.get(thing) ?? make(thing)
    made.set(thing, kept)
    return kept
  }
}
