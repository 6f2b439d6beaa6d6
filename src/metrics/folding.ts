import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'
import type { Database } from '../store/database.ts'
import { ensureJob } from '../store/add-jobs.ts'
import { beginGeneration, serveGeneration } from '../store/rollups.ts'
import { wakeByRecording } from '../store/waking.ts'
import { foldPass } from './fold.ts'

/** So long after events were recorded they are folded, and so often at most: whoever reads folds what is left, which then is little. */
const collectMs = 15_000
/** Else it rests for so long, unless it is woken: only what a killed process left behind is found that late. */
const restMs = 3_600_000

/** A reader waits for transactions under way for so long at most, and folds so much at most. */
const patience = { tries: 40, pause_ms: 20, passes: 10 }

const jobKey = 'fold'

type Parts = { database: Database; clock: Clock }

/** Keeps the figures up to date: as a job that never ends, and for whoever is about to read them. */
export function createFolding(parts: Parts) {
  const { database, clock } = parts
  let waking: ReturnType<typeof wakeByRecording> | undefined
  return {
    /**
     * Sees to it that there is the job, in whichever replica, and that it is done after this process has recorded events.
     *
     * @param parts.work raised when the job was made due
     */
    async start({ work, log }: { work: Signal; log: Logger }) {
      await ensureJob(database, jobKey, jobKey, clock.now())
      waking = wakeByRecording({ database, clock, work, log }, jobKey, {
        after_ms: collectMs,
        every_ms: collectMs,
      })
    },
    async stop() {
      await waking?.stop()
    },
    /** The job's handler. */
    async fold(): Promise<{ again_at: Date; because: string }> {
      const { events, caught_up } = await foldPass(parts)
      const later = (ms: number) => new Date(clock.now().getTime() + ms)
      // What is recorded while the job runs makes it due for nobody: it comes back until there was nothing.
      if (caught_up && events === 0) return { again_at: later(restMs), because: 'everything is counted' }
      if (!caught_up && events > 0) return { again_at: later(0), because: 'there are more events to count' }
      return { again_at: later(collectMs), because: 'the next look at what is to be counted' }
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
