import { readJson, unreadable, type ReadJson } from '../json/read.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a body as I-JSON. */
export function readBodyJson(bytes: Uint8Array): ReadJson {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return unreadable('The body is not valid UTF-8')
  }
  if (text.startsWith('\uFEFF'))
    return unreadable('The body begins with a byte order mark, which JSON must not have')
  return readJson(text, 'The body')
}
