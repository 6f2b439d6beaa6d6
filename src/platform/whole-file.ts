import { randomBytes } from 'node:crypto'
import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

// Small files that hold secrets: readable by their owner alone, and never seen half written, neither by another process
// nor after a kill or a power cut.

/** Makes the file. False where there is one already, which stays as it is. */
export async function createWhole(path: string, text: string): Promise<boolean> {
  return throughBeside(path, text, async (beside) => {
    try {
      // Unlike a rename, a link never takes the place of what is there: of two processes at once one makes the file.
      await link(beside, path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await unlink(beside)
    }
  })
}

/** Makes the file, or puts this text in the place of what it says. */
export async function replaceWhole(path: string, text: string): Promise<void> {
  await throughBeside(path, text, (beside) => rename(beside, path))
}

async function throughBeside<T>(path: string, text: string, put: (beside: string) => Promise<T>): Promise<T> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  const result = await put(beside)
  // Before the folder is on disk, a power cut could take the name away again.
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
  return result
}
