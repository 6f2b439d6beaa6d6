import type { Clock } from '../platform/clock.ts'
import type { Database } from '../store/database.ts'
import { foldNext, type EventToFold, type Folded } from '../store/folds.ts'
import { findRollups, keepRollups, type Queries, type RollupKey } from '../store/rollups.ts'
import { countedTypes, type Counted } from './counted.ts'
import { addRowTo, nameOf, rollUp, rowOf, type Rollups } from './rollup.ts'
import { tally } from './tally.ts'

/** How many events one transaction folds, at most. */
const atOnce = 2_000

/** Adds the next events of the audit log to the figures of a generation; null for the one that is read. */
export async function foldPass(
  { database, clock }: { database: Database; clock: Clock },
  generation: number | null = null,
): Promise<Folded> {
  return foldNext(database, generation, { types: countedTypes, limit: atOnce, now: clock.now }, keep)
}

async function keep(client: Queries, generation: number, events: EventToFold[]): Promise<void> {
  await addToRollups(client, generation, rollUpEvents(events))
}

/** What the fresh ones of these events come to; of each of their approvals all events before are there too. */
export function rollUpEvents(events: readonly EventToFold[]): Rollups {
  const rollups: Rollups = new Map()
  for (const story of Map.groupBy(events, ({ approval_id }) => approval_id).values())
    tally(story.map(toCounted)).forEach((added, nth) => {
      const event = story[nth]
      if (event?.fresh) for (const { cell, ...share } of added) rollUp(rollups, event, share, cell)
    })
  return rollups
}

function toCounted({ seq, type, at, actor, data, voted_before }: EventToFold): Counted {
  return { seq, type, at, by: actor, data, voted_before } as Counted
}

/** Adds to what is there. To be called by one at a time, as under the lock of `foldNext`. */
export async function addToRollups(client: Queries, generation: number, rollups: Rollups): Promise<void> {
  const keys: RollupKey[] = [...rollups.values()].map(({ key }) => key)
  for (const row of await findRollups(client, generation, keys)) {
    const known = rollups.get(nameOf(row))
    if (known) addRowTo(known.cell, row)
  }
  await keepRollups(
    client,
    generation,
    [...rollups.values()].map(({ key, cell }) => rowOf(key, cell)),
  )
}
