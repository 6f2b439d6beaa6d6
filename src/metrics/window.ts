import { formatDuration, parseDuration } from '../approval/duration.ts'
import { hourMs, nextOf, type Window } from './spans.ts'

export const usualWindow = '7d'

/** Figures are kept by the hour. */
const shortestMs = hourMs

/** The words for a window: `24h`, `7d`, `30d`. Null where they are none, or less than an hour. */
export function readWindow(text: string): number | null {
  const ms = parseDuration(text)
  return ms === null || ms < shortestMs ? null : Math.ceil(ms / hourMs) * hourMs
}

/** What is wrong with a window that `readWindow` does not take. */
export function notAWindow(text: string): string {
  return `“${text}” is not a window of time: 24h, 7d and 30d are; from 1h to ${formatDuration(366 * 24 * hourMs)}`
}

/** The window of that length that ends with the hour that it is now, and the one before it. */
export function windowsOf(ms: number, now: Date): { window: Window; before: Window } {
  const to = nextOf('hour', now)
  const from = new Date(to.getTime() - ms)
  return { window: { from, to }, before: { from: new Date(from.getTime() - ms), to: from } }
}
