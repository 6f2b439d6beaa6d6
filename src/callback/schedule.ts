const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** After each failed try, how long until the next (contract, section Callback). */
const waits = [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 8 * hour]

/** A wait is longer or shorter by up to this share, so that what failed together does not come back together. */
const jitterShare = 0.2

/**
 * How long to wait, in ms, after the last of `attempts_made` tries: 0 for the first try, null to give up.
 *
 * `jitter` is random in [0, 1). `retry_after_ms` is what the endpoint asked for: the longer of the two counts.
 */
export function nextTry(
  attempts_made: number,
  jitter: number,
  retry_after_ms: number | null = null,
): number | null {
  if (attempts_made === 0) return 0
  const wait = waits[attempts_made - 1]
  if (wait === undefined) return null
  return Math.max(Math.round(wait * (1 - jitterShare + 2 * jitterShare * jitter)), retry_after_ms ?? 0)
}
