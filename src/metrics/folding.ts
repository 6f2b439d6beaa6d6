import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../store/database.ts'
import { ensureJob } from '../store/auditor.ts'
import { beginGeneration, serveGeneration } from '../store/rollups.ts'
import { foldPass } from './fold.ts'

/** While events come they are folded so often: whoever reads folds the rest, which then is little. */
const restlessMs = 15_000
/** Else it looks so often. */
const restMs = 600_000

/** A reader waits for transactions under way for so long at most, and folds so much at most. */
const patience = { tries: 25, pause_ms: 20, passes: 10 }

const jobKey = 'fold'

type Parts = { database: Database; clock: Clock }

/** Keeps the figures up to date: as a job that never ends, and for whoever is about to read them. */
export function createFolding(parts: Parts) {
  const { database, clock } = parts
  return {
    /** Sees to it that there is the job, in whichever replica. */
    start: () => ensureJob(database, jobKey, jobKey, clock.now()),
    /** The job's handler. */
    async fold(): Promise<{ again_at: Date; because: string }> {
      const { events, caught_up } = await foldPass(parts)
      const now = clock.now()
      if (events > 0 && !caught_up) return { again_at: now, because: 'there are more events to count' }
      const wait_ms = events > 0 || !caught_up ? restlessMs : restMs
      return {
        again_at: new Date(now.getTime() + wait_ms),
        because: 'the next look at what is to be counted',
      }
    },
    /** Counts what was recorded until now, or as much of it as can be in about a second. */
    async catchUp(): Promise<void> {
      let [passes, tries] = [0, 0]
      while (passes < patience.passes && tries < patience.tries) {
        const { events, caught_up } = await foldPass(parts)
        if (caught_up) return
        if (events > 0) passes++
        else {
          tries++
          await pause(patience.pause_ms)
        }
      }
    },
    /**
     * Counts everything anew beside what is read, and has that read from then on.
     *
     * @param onProgress is told how many events were counted so far
     * @returns how many events there were, null where another rebuild was begun in the meantime
     */
    async rebuild(onProgress: (events: number) => void = () => undefined): Promise<number | null> {
      const generation = await beginGeneration(database)
      let counted = 0
      for (;;) {
        const { events, caught_up } = await foldPass(parts, generation)
        counted += events
        if (events > 0) onProgress(counted)
        if (caught_up) break
        if (events === 0) await pause(patience.pause_ms)
      }
      return (await serveGeneration(database, generation)) ? counted : null
    },
  }
}
