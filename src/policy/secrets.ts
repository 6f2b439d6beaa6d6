import { RE2JS } from '@bufbuild/re2'
import type { Span } from '../approval/reveal.ts'
import { builtInSecrets, joined, wordsOf, type SecretFinder } from '../approval/secrets.ts'
import { largestPattern } from './cel/literals.ts'
import type { PolicyDocument } from './document.ts'
import type { Finding } from './fault.ts'
import { isLoose, list, loose } from './loose.ts'
import { messageOf } from './message.ts'

/** What is wrong with the patterns of `secrets`, read from the plain value as `inconsistencies` is. */
export function secretFindings(document: unknown): Finding[] {
  const secrets = loose(document)['secrets']
  if (!isLoose(secrets)) return []
  return list(secrets['patterns']).flatMap((pattern, i): Finding[] => {
    const detail = typeof pattern === 'string' ? faultOf(pattern) : null
    return detail === null ? [] : [{ path: ['secrets', 'patterns', i], detail }]
  })
}

function faultOf(pattern: string): string | null {
  try {
    const compiled = RE2JS.compile(pattern)
    const size = compiled.re2().prog.numInst()
    if (size > largestPattern)
      return `the pattern is too large: ${size} instructions, at most ${largestPattern}`
    return compiled.test('') ? 'matches the empty text, and would hide everything' : null
  } catch (error) {
    return `not an RE2 pattern: ${messageOf(error).replace(/^error parsing regexp: /, '')}`
  }
}

/** What a policy calls secret, with what is built in. */
export function secretsOf({ secrets }: PolicyDocument): SecretFinder {
  const keys = new Set((secrets?.keys ?? []).map(wordsOf))
  const patterns = (secrets?.patterns ?? []).map((pattern) => RE2JS.compile(pattern))
  if (keys.size === 0 && patterns.length === 0) return builtInSecrets
  return {
    isSecretKey: (key) => builtInSecrets.isSecretKey(key) || keys.has(wordsOf(key)),
    spansIn(text) {
      const own = patterns.flatMap((pattern) => (pattern.test(text) ? spansOf(pattern, text) : []))
      return joined([...builtInSecrets.spansIn(text), ...own], text.length)
    },
  }
}

/**
 * The library says whether a pattern matches, and not where: so what matches by itself is hidden, be it a word, a line or
 * the whole text.
 */
function spansOf(pattern: RE2JS, text: string): Span[] {
  const matching = (parts: RegExp): Span[] =>
    [...text.matchAll(parts)].flatMap(({ index, 0: part }): Span[] =>
      pattern.test(part) ? [[index, index + part.length]] : [],
    )
  const words = matching(/\S+/g)
  if (words.length > 0) return words
  const lines = matching(/[^\n]+/g)
  return lines.length > 0 ? lines : [[0, text.length]]
}
