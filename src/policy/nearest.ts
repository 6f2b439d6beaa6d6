import slips from 'damerau-levenshtein'

/**
 * ` (did you mean "x"?)` for the end of a sentence, x being the candidate that `word` was most likely meant to be, or
 * nothing when none is close: at most one slip for each three letters, a slip being a letter too many, too few, another,
 * or two swapped. Case counts for nothing.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  if (word.length > 100) return ''
  let best: string | null = null
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const { steps } = slips(word.toLowerCase(), candidate.toLowerCase())
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best === null ? '' : ` (did you mean "${best}"?)`
}
