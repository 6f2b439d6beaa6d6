/** Seconds to wait after the first, second, … failure; afterwards the job is given up: about four hours in all. */
const waits_s = [1, 2, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200]

/**
 * How long to wait after `attempts` tries that failed, in milliseconds, or null to give up.
 *
 * @param jitter in [0, 1): spreads what failed together over ± 20 %
 */
export function afterFailure(attempts: number, jitter: number): number | null {
  const wait = waits_s[attempts - 1]
  return wait === undefined ? null : wait * 1_000 * (0.8 + 0.4 * jitter)
}
