/** Words and moments: who shows them writes a moment as is usual there. */
export type Sentence = (string | Date)[]

/** A sentence for a terminal or a log. */
export function written(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.toISOString())).join('')
}
