import { stat } from 'node:fs/promises'
import path from 'node:path'

/** Whether a start has made an embedded database under `data_dir`. Looks, and makes nothing. */
export async function isMade(data_dir: string): Promise<boolean> {
  return stat(path.join(data_dir, 'postgres', 'password')).then(
    () => true,
    () => false,
  )
}
