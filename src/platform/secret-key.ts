import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartRefused } from './start-refused.ts'

/** The key that seals secrets at rest when none is configured: made once under `data_dir`, readable by its owner alone. */
export async function keptSecretKey(data_dir: string): Promise<Buffer> {
  const path = keptAt(data_dir)
  await mkdir(data_dir, { recursive: true })
  try {
    // `wx` so that of two processes at once only one makes a key, and the other reads it.
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(randomBytes(32).toString('base64'))
    await file.sync()
    await file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new StartRefused([`DATA_DIR: ${path} cannot be written: ${String(error)}`])
  }
  return readKey(path)
}

/** The same without making one: null where there is none yet. */
export async function keptSecretKeyIfAny(data_dir: string): Promise<Buffer | null> {
  return readKey(keptAt(data_dir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
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
