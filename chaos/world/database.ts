import { once } from 'node:events'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPart } from './child.ts'

export type DatabaseProcess = { url: string; crash(): void; stop(): Promise<void> }

/** A durable PostgreSQL under `folder`, in a process of its own. */
export async function startDatabase(folder: string): Promise<DatabaseProcess> {
  const data_dir = join(folder, 'database')
  await mkdir(data_dir)
  // As root, the server runs as another user, who must get in.
  for (const each of [folder, data_dir]) await chmod(each, 0o711)
  const part = startPart(fileURLToPath(new URL('database-program.ts', import.meta.url)), { data_dir })
  const [message] = (await Promise.race([
    once(part.channel, 'message'),
    part.exited.then(() => Promise.reject(new Error('the database did not start'))),
  ])) as [{ url: string }]
  return {
    url: message.url,
    crash: () => void part.channel.send({ crash: true }),
    async stop() {
      if (part.channel.connected) part.channel.disconnect()
      await part.exited
    },
  }
}
