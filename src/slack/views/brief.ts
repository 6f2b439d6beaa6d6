import { countedIn } from '../../approval/masker.ts'
import { fit } from './limits.ts'

/** How much of a text there is room for. Lines count as they stand, however wide they are. */
export type TextRoom = { characters: number; lines: number }

/** The beginning of a text, and how many characters of it are left. */
export function beginning(text: string, { characters, lines }: TextRoom): { text: string; left: number } {
  const byLines = text.split('\n', lines + 1)
  const lined = byLines.length > lines ? byLines.slice(0, lines).join('\n') : text
  const shown = lined.length > characters ? fit(lined, characters).slice(0, -1) : lined
  const left = text.length - shown.length
  // What says at its end how much of it was never made visible.
  const before = left > 0 ? countedIn(text) : 0
  return { text: shown.trimEnd() === '' ? '…' : shown, left: left + before }
}

/** The beginning of a text with what is left of it counted, and never silently left out. */
export function brief(text: string, room: TextRoom): string {
  const { text: shown, left } = beginning(text, room)
  return left > 0 ? `${shown.trimEnd()}… (${left.toLocaleString('en')} more characters)` : shown
}

/** The same on one line. */
export function briefly(text: string, characters: number): string {
  return brief(onOneLine(text), { characters, lines: 1 })
}

/** What breaks lines is shown as a sign, so that nobody's words look like a line of ours, or push others away. */
export function onOneLine(text: string): string {
  return text.replace(/[^\S\n]*\n[^\S\n]*/g, '⏎')
}
