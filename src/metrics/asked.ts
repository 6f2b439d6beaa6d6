import { allBy, type By } from './measures.ts'
import { notAWindow, readWindow, usualWindow } from './window.ts'

/** Which figures: of the last `ms` milliseconds, by what. `words` is the window as it was asked for. */
export type AskedFigures = { ms: number; by: By | null; words: string }

/** `7d`, `30d by role`, `by tool`, or nothing at all; else what is wrong with it. */
export function readAsked(words: readonly string[]): AskedFigures | { wrong: string } {
  const place = words.findIndex((word) => word.toLowerCase() === 'by')
  const [window = usualWindow, ...tooMuch] = place < 0 ? words : words.slice(0, place)
  const [by, ...more] = place < 0 ? [] : words.slice(place + 1)
  const excess = tooMuch[0] ?? more[0]
  if (excess !== undefined) return { wrong: `“${excess}” is too much` }
  const ms = readWindow(window.toLowerCase())
  if (ms === null) return { wrong: notAWindow(window) }
  if (place < 0) return { ms, by: null, words: window }
  const known = allBy.find((one) => one === by?.toLowerCase())
  if (!known)
    return { wrong: `By ${by === undefined ? 'what' : `“${by}”`}? Figures can be had by ${allBy.join(', ')}` }
  return { ms, by: known, words: window }
}
