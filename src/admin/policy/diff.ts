import { diffLines } from 'diff'

/** How many unchanged lines are shown around a change. */
const around = 2

/** What became of the lines from one text to another. `lines` are marked `+`, `-` or ` `, and `…` stands for those left out. */
export type Difference = { added: number; removed: number; lines: string[] }

export function difference(before: string, after: string): Difference {
  const parts = diffLines(whole(before), whole(after))
  const marked = parts.flatMap(({ added, removed, value }) =>
    value
      .split('\n')
      .slice(0, -1)
      .map((text) => ({ mark: added ? '+' : removed ? '-' : ' ', text })),
  )
  const changed = marked.flatMap(({ mark }, at) => (mark === ' ' ? [] : [at]))
  const near = new Set(
    changed.flatMap((at) => Array.from({ length: 2 * around + 1 }, (_, i) => at - around + i)),
  )
  const lines: string[] = []
  marked.forEach(({ mark, text }, at) => {
    if (near.has(at)) lines.push(`${mark} ${text}`)
    else if (lines.at(-1) !== '…') lines.push('…')
  })
  const count = (wanted: string) => marked.filter(({ mark }) => mark === wanted).length
  return { added: count('+'), removed: count('-'), lines: changed.length === 0 ? [] : lines }
}

/** A last line without its end is the same line. */
function whole(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
