/** What is known of an endpoint that may be dead. While `open_until` is ahead, nothing is sent to it. */
export type Breaker = { failures: number; open_until: Date | null }

/** What a try told about its endpoint: it answered, it did not, or neither (nothing was sent, or it is too busy). */
export type Sign = 'alive' | 'dead' | 'none'

export const closedBreaker: Breaker = { failures: 0, open_until: null }

/** So many tries in a row without an answer, by different callbacks most likely, are no accident. */
const failuresToOpen = 5

/**
 * Shorter than every wait of the schedule from the fifth failure on, so that a callback that is alone at its endpoint
 * keeps its times, and short enough that an endpoint which is back is noticed soon.
 */
const coolDownMs = 10_000

/** When the next try may begin: `now`, or a moment ahead. */
export function opensAt({ open_until }: Breaker, now: Date): Date {
  return open_until !== null && open_until > now ? open_until : now
}

/** The breaker after a try ended at `now`. A failure after the cool-down opens it again at once. */
export function afterTry(breaker: Breaker, sign: Sign, now: Date): Breaker {
  if (sign === 'alive') return closedBreaker
  if (sign === 'none') return breaker
  const failures = breaker.failures + 1
  const open_until = failures >= failuresToOpen ? new Date(now.getTime() + coolDownMs) : null
  return { failures, open_until }
}
