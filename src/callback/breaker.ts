/**
 * What is known of an endpoint that may be dead. While `open_until` is ahead nothing is sent; after it a single try
 * goes out, the probe, and its end decides.
 */
export type Breaker = { failures: number; open_until: Date | null; probing: boolean }

/** What a try told about its endpoint: it answered, it did not, or neither (nothing was sent, or it is too busy). */
export type Sign = 'alive' | 'dead' | 'none'

export const closedBreaker: Breaker = { failures: 0, open_until: null, probing: false }

/** So many tries in a row without an answer, by different callbacks most likely, are no accident. */
const failuresToOpen = 5

/**
 * Shorter than every wait of the schedule but the first, so that a callback that is alone at its endpoint keeps its
 * times, and short enough that an endpoint which is back is noticed soon.
 */
export const coolDownMs = 10_000

/** When the next try may begin: `now` or earlier, or a moment ahead. While a probe is out, a cool-down from `now`. */
export function opensAt(breaker: Breaker, now: Date): Date {
  if (breaker.open_until === null) return now
  if (breaker.open_until > now || !breaker.probing) return breaker.open_until
  return new Date(now.getTime() + coolDownMs)
}

/** The breaker with a try under way that `opensAt` allowed. */
export function begin(breaker: Breaker): Breaker {
  return breaker.open_until === null ? breaker : { ...breaker, probing: true }
}

/** The breaker after a try ended at `now`. */
export function end(breaker: Breaker, sign: Sign, now: Date): Breaker {
  if (sign === 'alive') return closedBreaker
  if (sign === 'none') return { ...breaker, probing: false }
  const failures = breaker.failures + 1
  const open_until = failures >= failuresToOpen ? new Date(now.getTime() + coolDownMs) : null
  return { failures, open_until, probing: false }
}
