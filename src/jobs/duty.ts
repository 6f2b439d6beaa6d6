import type { JsonObject } from '../approval/approval.ts'

/**
 * Does what one kind of job asks for. It may be run again after it succeeded (at least once), so that doing it twice
 * must be harmless. To be run again later it returns when: that is waiting, not failing. A job that throws is retried
 * with backoff and ends as a dead letter.
 */
export type Handler = (payload: JsonObject) => Promise<RunAgain | void>
export type RunAgain = { again_at: Date; because: string }

/** A kind of job. */
export type Duty = {
  run: Handler
  /** How many run at once in one process. */
  slots: number
  /** The longest wait after a failure, in milliseconds: what people look at must not stay wrong for hours. */
  longest_wait_ms: number
}
