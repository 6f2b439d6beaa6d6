import slips from 'damerau-levenshtein'

/**
 * The known word that `word` was probably meant to be: at most two slips away, and a third of its length. A slip is a
 * letter too many, too few, another, or two swapped. Null if none is.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.min(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    // What is longer by more than that is not compared at all: an agent's word may be very long.
    if (Math.abs(candidate.length - word.length) >= least) continue
    const { steps } = slips(word.toLowerCase(), candidate.toLowerCase())
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best
}
