import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that is made ready: the one of package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url))
export const inRoot = (...names) => path.join(root, ...names)

/** Standard output belongs to the command that is run. */
export const say = (line) => process.stderr.write(`countersign: ${line}\n`)

/** A failure that the reader can do something about: printed without a stack. */
export class SetupFailed extends Error {}

/** A file's text, or null. */
export function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** What a JSON text says, or null. */
export function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function hash(...parts) {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part)
  return sum.digest('hex')
}
