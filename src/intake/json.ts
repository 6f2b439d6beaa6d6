import type { Json } from '../approval/approval.ts'
import type { Fault } from './fault.ts'
import { scanJson } from './json-scan.ts'

/** `value` is undefined where the bytes have no meaning or lie too deep to be looked at any further. */
export type ReadJson = { value: Json | undefined; faults: Fault[] }

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a body as I-JSON (RFC 7493): what it means must not depend on who reads it. Besides broken UTF-8 and broken
 * JSON it finds duplicate keys, numbers that a double cannot hold, lone surrogates, NUL characters, `__proto__` keys
 * and more than 64 levels, all of them at once. Takes time in proportion to the body, and constant stack.
 *
 * Where there are faults, a `value` is still good for finding more of them, and for nothing else.
 */
export function readJson(bytes: Uint8Array): ReadJson {
  if (bytes.length === 0) return unreadable('The body is empty; JSON is expected')
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return unreadable('The body is not valid UTF-8')
  }
  if (text.startsWith('\uFEFF'))
    return unreadable('The body begins with a byte order mark, which JSON must not have')
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return unreadable(`The body is not JSON${whereParsingFailed(error)}`)
  }
  const { faults, too_deep } = scanJson(text)
  return { value: too_deep ? undefined : value, faults }
}

function unreadable(detail: string): ReadJson {
  return { value: undefined, faults: [{ pointer: '', detail }] }
}

/** V8's message without the excerpt of the body that it may quote: bodies are not for messages. */
function whereParsingFailed(error: unknown): string {
  if (!(error instanceof SyntaxError)) return ''
  return `: ${error.message.replace(/, (\.\.\.)?".*$/s, '').replace(' in JSON', '')}`
}
