const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** How long to wait after the first, second, … failure in a row; further ones wait as long as the last. */
const waits = [
  second,
  2 * second,
  5 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  30 * minute,
  hour,
]

/** After about this long of failing, a job is given up. */
const patienceMs = 24 * hour

/**
 * How long to wait after `failures` failures in a row, in milliseconds, or null to give up.
 *
 * @param jitter in [0, 1): spreads what failed together over ± 20 %
 */
export function afterFailure(failures: number, jitter: number, longest_wait_ms: number): number | null {
  const wait = (nth: number) => Math.min(waits[Math.min(nth, waits.length) - 1] ?? second, longest_wait_ms)
  let waited = 0
  for (let nth = 1; nth < failures; nth++) waited += wait(nth)
  return waited >= patienceMs ? null : wait(failures) * (0.8 + 0.4 * jitter)
}
