import { RE2JS } from '@bufbuild/re2'
import { messageOf } from '../message.ts'
import { zoneNamed, type Zone } from './calendar.ts'

/** The largest program that a pattern may compile to: matching costs at worst program size times text length. */
export const largestPattern = 500

/**
 * The patterns and time zones that conditions name. They must be literals, so that each is checked when the policy is
 * saved and compiled once, and no agent supplies a pattern of its own.
 */
export type Literals = {
  /** Null when it is fine, else what is wrong with it. */
  addPattern(pattern: string): string | null
  addZone(name: string): string | null
  pattern(pattern: string): { test(text: string): boolean; size: number }
  zone: (name: string) => Zone
}

export function createLiterals(): Literals {
  const patterns = new Map<string, { test(text: string): boolean; size: number }>()
  const zones = new Map<string, Zone>()
  return {
    addPattern(pattern) {
      try {
        const compiled = RE2JS.compile(pattern)
        const size = compiled.re2().prog.numInst()
        if (size > largestPattern)
          return `the pattern is too large: ${size} instructions, at most ${largestPattern}`
        patterns.set(pattern, { size, test: (text) => compiled.test(text) })
        return null
      } catch (error) {
        return `not an RE2 pattern: ${messageOf(error).replace(/^error parsing regexp: /, '')}`
      }
    },
    addZone(name) {
      const zone = zoneNamed(name)
      if (!zone) return `"${name}" is not a time zone: write Europe/Berlin, UTC or +02:00`
      zones.set(name, zone)
      return null
    },
    pattern: (pattern) => known(patterns.get(pattern), pattern),
    zone: (name) => known(zones.get(name), name),
  }
}

function known<T>(found: T | undefined, name: string): T {
  if (!found) throw new Error(`${JSON.stringify(name)} was not checked when the policy was saved`)
  return found
}
