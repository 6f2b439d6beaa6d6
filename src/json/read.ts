import type { Json } from '../approval/approval.ts'
import type { JsonFault } from './fault.ts'
import { scanJson } from './scan.ts'

/** `value` is undefined where the text has no meaning or lies too deep to be looked at any further. */
export type ReadJson = { value: Json | undefined; faults: JsonFault[] }

/**
 * Reads text as I-JSON (RFC 7493): what it means must not depend on who reads it. Besides broken JSON it finds duplicate
 * keys, numbers that a double cannot hold, lone surrogates, NUL characters, `__proto__` keys and more than 64 levels, all of
 * them at once. Takes time in proportion to the text, and constant stack.
 *
 * Where there are faults, a `value` is still good for finding more of them, and for nothing else.
 *
 * @param what the text is, to begin a sentence with: `The body`
 */
export function readJson(text: string, what: string): ReadJson {
  if (text === '') return unreadable(`${what} is empty; JSON is expected`)
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return unreadable(`${what} is not JSON${whereParsingFailed(error)}`)
  }
  const { faults, too_deep } = scanJson(text)
  return { value: too_deep ? undefined : value, faults }
}

export function unreadable(detail: string): ReadJson {
  return { value: undefined, faults: [{ pointer: '', detail }] }
}

/** V8's message without the excerpt of the text that it may quote: what was sent is not for messages. */
function whereParsingFailed(error: unknown): string {
  if (!(error instanceof SyntaxError)) return ''
  return `: ${error.message.replace(/, (\.\.\.)?".*$/s, '').replace(' in JSON', '')}`
}
