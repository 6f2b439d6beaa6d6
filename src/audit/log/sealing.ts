import type { Logger } from 'pino'
import type { Signal } from '../../platform/signal.ts'
import { ensureJob } from '../../store/add-jobs.ts'
import { wakeByRecording } from '../../store/waking.ts'
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
  const { database, clock, log, witness } = parts
  let waking: ReturnType<typeof wakeByRecording> | undefined

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

  return {
    seal,
    /** Sees to it that there is the job, in whichever replica, and that what is there already is sealed now. */
    async start() {
      await ensureJob(database, sealingKey, sealingKey, clock.now())
      waking = wakeByRecording(parts, sealingKey, { after_ms: 0, every_ms: restlessMs })
      database.recorded.raise()
    },
    async stop() {
      await waking?.stop()
    },
  }
}

export type Sealing = ReturnType<typeof createSealing>
