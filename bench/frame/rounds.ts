/**
 * Runs every arm once a round, in turns, so that whatever else the machine does falls on all of them alike. The order
 * turns round with each round. Gives each arm's results in the order of the rounds.
 */
export async function interleave<Arm extends string, Result>(
  rounds: number,
  arms: Record<Arm, () => Promise<Result>>,
): Promise<Record<Arm, Result[]>> {
  const names = Object.keys(arms) as Arm[]
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Arm, Result[]>
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) results[name].push(await arms[name]())
  return results
}
