import { jsonPointer, maxFaults, type JsonFault } from './fault.ts'
import { refuseNumber } from './number.ts'

/** How many objects and arrays may lie within one another. */
export const maxDepth = 64

/** A container that is being read: its keys so far (null for an array), and the member that is next or under way. */
type Frame = { keys: Set<string> | null; at: string | number }

const quote = 0x22
const backslash = 0x5c

/**
 * What JSON.parse does not tell of a text that it accepts: keys that come twice, numbers that a double cannot hold,
 * lone surrogates, NUL characters, `__proto__` keys and too much depth.
 *
 * `text` must have passed JSON.parse: that is what lets one pass over the characters, without recursion, be enough.
 * At a container that lies deeper than `depth` others the reading ends, because nothing may walk into such a value any more.
 */
export function scanJson(text: string, depth = maxDepth): { faults: JsonFault[]; too_deep: boolean } {
  const faults: JsonFault[] = []
  const frames: Frame[] = []
  let top: Frame | undefined
  let keyIsNext = false
  const blame = (detail: string) => faults.push({ pointer: jsonPointer(frames.map(({ at }) => at)), detail })

  for (let i = 0; i < text.length && faults.length < maxFaults; i++) {
    const character = text.charAt(i)
    switch (character) {
      case '{':
      case '[':
        if (frames.length === depth) {
          blame(`Objects and arrays lie more than ${depth} deep here`)
          return { faults, too_deep: true }
        }
        keyIsNext = character === '{'
        top = keyIsNext ? { keys: new Set(), at: '' } : { keys: null, at: 0 }
        frames.push(top)
        break
      case '}':
      case ']':
        frames.pop()
        top = frames.at(-1)
        keyIsNext = false
        break
      case ',':
        if (top?.keys === null) top.at = Number(top.at) + 1
        else keyIsNext = true
        break
      case '"': {
        const { end, escaped } = stringEnd(text, i)
        // Only an escape can hide what this looks for: the text is valid UTF-8, and JSON.parse refuses a bare NUL.
        const value = escaped ? String(JSON.parse(text.slice(i, end))) : null
        if (keyIsNext && top?.keys) {
          top.at = value ?? text.slice(i + 1, end - 1)
          if (top.keys.has(top.at)) blame('This key appears twice in one object')
          if (top.at === '__proto__') blame('The key __proto__ is not accepted')
          top.keys.add(top.at)
          keyIsNext = false
        }
        if (value !== null) for (const detail of refuseString(value)) blame(detail)
        i = end - 1
        break
      }
      default: {
        if (!startsNumber(character)) break

        const end = numberEnd(text, i)
        const detail = refuseNumber(text.slice(i, end))
        if (detail !== null) blame(detail)
        i = end - 1
        break
      }
    }
  }
  return { faults, too_deep: false }
}

function refuseString(value: string): string[] {
  return [
    ...(value.isWellFormed() ? [] : ['This text has a surrogate without its other half']),
    ...(value.includes('\0') ? ['This text has a NUL character'] : []),
  ]
}

/** The index behind the closing quote of the string that starts at `start`, and whether it has escapes. */
function stringEnd(text: string, start: number): { end: number; escaped: boolean } {
  let escaped = false
  for (let i = start + 1; ; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) return { end: i + 1, escaped }
    if (code === backslash) {
      escaped = true
      i++
    }
  }
}

function startsNumber(character: string): boolean {
  return character === '-' || (character >= '0' && character <= '9')
}

function numberEnd(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && '+-.0123456789eE'.includes(text.charAt(end))) end++
  return end
}
