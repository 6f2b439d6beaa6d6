import { below } from '../approval/pointer.ts'

/** One thing that is wrong with a JSON value: an RFC 6901 pointer to where, `''` for the whole, and a sentence. */
export type JsonFault = { pointer: string; detail: string }

/** More faults than anyone repairs in one go: no answer names more, so that it stays small whatever was sent. */
export const maxFaults = 100

/** Pointers are cut at the nearest place whose own pointer is no longer than this, in UTF-16 units. */
const longestPointer = 1_000

/** The RFC 6901 pointer to `path`, or to the nearest place above it where that would be longer than an answer should be. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  let pointer = ''
  for (const step of path) {
    const longer = below(pointer, String(step))
    if (longer.length > longestPointer) break
    pointer = longer
  }
  return pointer
}
