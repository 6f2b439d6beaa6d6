import { nextTry, type Attempt, type Lanes, type Sender } from './callback/index.ts'
import type { Flow } from './flow/flow.ts'
import type { Handler } from './jobs/duty.ts'
import type { Clock } from './platform/clock.ts'

/** One try of a callback, recorded with what follows from it. */
export async function tryCallback(
  { flow, clock, sender, lanes }: { flow: Flow; clock: Clock; sender: Sender; lanes: Lanes },
  callback_id: string,
): ReturnType<Handler> {
  const callback = await flow.dueCallback(callback_id)
  if (!callback) return
  const turn = await lanes.run(callback.url, () => sender.send({ ...callback, at: clock.now() }))
  if (!turn.ran) return { again_at: turn.until, because: 'its endpoint is busy' }
  const { attempt } = turn
  const next_at = whenNext(attempt, callback.attempts - callback.earlier_attempts + 1, clock)
  const callback_status =
    attempt.outcome === 'delivered' ? 'delivered' : next_at === null ? 'failed' : 'pending'
  const { retry_after_ms: _counted, ...tried } = attempt
  await flow.recordCallbackTry(callback, { ...tried, callback_status, next_at })
  if (next_at !== null) return { again_at: next_at, because: attempt.error ?? attempt.outcome }
}

/** Null where there is no next try. `attempts_made` counts from when the callback was last queued. */
function whenNext(attempt: Attempt, attempts_made: number, clock: Clock): Date | null {
  if (attempt.outcome === 'delivered' || attempt.outcome === 'gone') return null
  const wait = nextTry(attempts_made, Math.random(), attempt.retry_after_ms)
  return wait === null ? null : new Date(clock.now().getTime() + wait)
}
