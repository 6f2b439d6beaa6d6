import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inOneLine } from './check.ts'
import { StartRefused } from './start-refused.ts'
import { createWhole } from './whole-file.ts'

/**
 * The key that seals secrets at rest when none is configured: made once under `data_dir`, readable by its owner alone.
 * Of two processes at once, one makes it and both get the same.
 *
 * @throws StartRefused where it cannot be written or is not a key
 */
export async function keptSecretKey(data_dir: string): Promise<Buffer> {
  const path = keptAt(data_dir)
  try {
    await mkdir(data_dir, { recursive: true })
    await createWhole(path, randomBytes(32).toString('base64'))
  } catch (error) {
    throw new StartRefused(`DATA_DIR: ${path} cannot be written: ${inOneLine(error)}`, { cause: error })
  }
  return readKey(path)
}

/** The same without making one: null where there is none yet. */
export async function keptSecretKeyIfAny(data_dir: string): Promise<Buffer | null> {
  const path = keptAt(data_dir)
  return readKey(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    if (error instanceof StartRefused) throw error
    throw new StartRefused(`DATA_DIR: ${path} cannot be read: ${inOneLine(error)}`, { cause: error })
  })
}

function keptAt(data_dir: string): string {
  return join(data_dir, 'secret-key')
}

async function readKey(path: string): Promise<Buffer> {
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64')
  if (key.length !== 32)
    throw new StartRefused([`DATA_DIR: ${path} does not hold a key of 32 bytes in base 64`])
  return key
}
