import type { NotPut } from './posts.ts'

/** A job's way to say that it wants to be run again, and when. */
export type Again = { again_at: Date; because: string }

/** How soon what failed without an answer is tried again where another message of the job waits for its turn. */
const unclearAgainMs = 30_000

/**
 * When a job is to come back for those of its messages that could not be put; undefined where it has no reason to.
 *
 * @param refused_again_ms how soon a refused message is tried again; null where it never is
 * @throws where a message may or may not be there and no other waits: the job then failed, and comes back ever later
 */
export function again(failures: NotPut[], now: Date, refused_again_ms: number | null): Again | undefined {
  const later = (ms: number) => new Date(now.getTime() + ms)
  const waits = failures.some((failure) => failure.kind === 'waits')
  const reasons = failures.flatMap((failure): Again[] => {
    switch (failure.kind) {
      case 'waits':
        return [{ again_at: failure.turn_at, because: 'its turn' }]
      case 'refused':
        return refused_again_ms === null
          ? []
          : [{ again_at: later(refused_again_ms), because: failure.error }]
      case 'unreached':
      case 'unclear':
        // A failed job may be put off beyond another message's turn.
        if (!waits) throw new Error(failure.error)
        return [{ again_at: later(unclearAgainMs), because: failure.error }]
    }
  })
  return reasons.sort((a, b) => a.again_at.getTime() - b.again_at.getTime())[0]
}
