import type { Logger } from 'pino'
import type { Clock } from '../platform/clock.ts'
import type { Signal } from '../platform/signal.ts'
import type { Database } from './database.ts'
import { hastenJob } from './jobs.ts'

/**
 * Makes a recurring job due when this process has recorded events, whichever replica runs it: so that it need not look by itself. Nothing
 * is asked of the database while nothing is recorded.
 *
 * @param key the job's
 * @param parts.work raised when the job was made due
 * @param options.after_ms how long after an event the job is due; and how often it is made so at most: `every_ms`
 * @returns what ends it
 */
export function wakeByRecording(
  { database, clock, work, log }: { database: Database; clock: Clock; work: Signal; log: Logger },
  key: string,
  { after_ms, every_ms }: { after_ms: number; every_ms: number },
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const recorded = database.recorded.listen()

  async function attend(): Promise<void> {
    for (;;) {
      await recorded.wait(stopping.signal)
      if (stopping.signal.aborted) return
      const later = (ms: number) => new Date(clock.now().getTime() + ms)
      const again = later(every_ms)
      try {
        if (await hastenJob(database, key, later(after_ms), again)) work.raise()
      } catch (error) {
        log.debug({ err: error, key }, 'a job could not be told of new events: it finds them by itself')
      }
      await clock.sleep(again, stopping.signal)
    }
  }

  const attending = attend()
  return {
    async stop() {
      stopping.abort()
      await attending
    },
  }
}
