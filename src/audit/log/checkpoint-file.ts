import { appendFile } from 'node:fs/promises'
import { inOneLine } from '../../platform/check.ts'
import { StartRefused } from '../../platform/start-refused.ts'

/**
 * A file that each checkpoint is added to, with an empty line behind it.
 *
 * @throws StartRefused where it cannot be written
 */
export async function openCheckpointFile(path: string): Promise<(checkpoint: string) => Promise<void>> {
  await appendFile(path, '').catch((error: unknown) => {
    throw new StartRefused(`CHECKPOINT_FILE ${path} cannot be written: ${inOneLine(error)}`, { cause: error })
  })
  return (checkpoint) => appendFile(path, `${checkpoint}\n`, { flush: true })
}
