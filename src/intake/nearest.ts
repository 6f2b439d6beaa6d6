/** The known word that `word` was probably meant to be: at most two slips away, and a third of its length. Null if none is. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.min(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const count = slips(word.toLowerCase(), candidate)
    if (count < least) [best, least] = [candidate, count]
  }
  return best
}

/**
 * How many letters must be added, dropped, replaced, or swapped with their neighbour to make one word the other: the
 * restricted Damerau-Levenshtein distance.
 */
function slips(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Infinity
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1))
    }
    before = row
    row = next
  }
  return at(row, b.length)
}

function at(row: number[], column: number): number {
  return row[column] ?? Infinity
}
