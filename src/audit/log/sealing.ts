import type { Logger } from 'pino'
import type { Signal } from '../../platform/signal.ts'
import { ensureJob } from '../../store/auditor.ts'
import { hastenJob } from '../../store/jobs.ts'
import { sealPass, type SealerParts } from './seal.ts'

/** While events come, they are sealed so often. */
const restlessMs = 300

/** For so long after the last one, it goes on: nobody is told of an event that comes in that time. */
const calmAfterMs = 2_000

/** Then it rests for so long, unless it is woken: only what a killed process left behind is found that late. */
const restMs = 300_000

/** The key of the one job that seals, and its kind. */
const sealingKey = 'seal'

/**
 * Seals events into the log, as the handler of a job that never ends. A replica that records events makes that job due at once,
 * whoever runs it.
 *
 * @param parts.work raised when the job was made due
 * @param parts.witness is told of each new checkpoint
 */
export function createSealing(
  parts: SealerParts & { work: Signal; log: Logger; witness: (checkpoint: string) => Promise<void> },
) {
  const { database, clock, work, log, witness } = parts
  const stopping = new AbortController()
  let attending: Promise<void> = Promise.resolve()

  async function seal(): Promise<{ again_at: Date; because: string }> {
    const { checkpoint, more, sealed_at } = await sealPass(parts)
    const now = clock.now()
    const later = (ms: number) => new Date(now.getTime() + ms)
    if (checkpoint !== null)
      await witness(checkpoint).catch((error: unknown) =>
        log.error(
          { err: error },
          'a checkpoint could not be kept outside of the database: the next one covers it',
        ),
      )
    if (more) return { again_at: now, because: 'there are more events to seal' }
    const calm = checkpoint === null && now.getTime() - (sealed_at?.getTime() ?? 0) > calmAfterMs
    return { again_at: later(calm ? restMs : restlessMs), because: 'the next look at what is to be sealed' }
  }

  async function attend(): Promise<void> {
    for (;;) {
      await database.recorded.wait(stopping.signal)
      if (stopping.signal.aborted) return
      const now = clock.now()
      const soon = new Date(now.getTime() + restlessMs)
      try {
        if (await hastenJob(database, sealingKey, now, soon)) work.raise()
      } catch (error) {
        log.debug({ err: error }, 'the sealer could not be told of new events: it finds them by itself')
      }
      await clock.sleep(soon, stopping.signal)
    }
  }

  return {
    seal,
    /** Sees to it that there is the job, in whichever replica, and that what is there already is sealed now. */
    async start() {
      await ensureJob(database, sealingKey, sealingKey, clock.now())
      database.recorded.raise()
      attending = attend()
    },
    async stop() {
      stopping.abort()
      await attending
    },
  }
}

export type Sealing = ReturnType<typeof createSealing>
