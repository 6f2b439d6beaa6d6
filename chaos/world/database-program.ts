import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbedded } from '../../src/store/embedded/start.ts'

// A PostgreSQL of the suite's own, durable as in production. Argument: {data_dir}. Says {url} when it is there; {crash}
// ends the server at once, without a checkpoint, and it comes back. Stops with the process that started it.

const { data_dir } = JSON.parse(process.argv[2] ?? '{}') as { data_dir: string }
const quiet = { info: () => undefined, warn: () => undefined }
const server = await startEmbedded({ data_dir, log: quiet })

process.on('message', () => void crash())
process.on('disconnect', () => void server.stop().then(() => process.exit(0)))
process.send?.({ url: server.url })

async function crash() {
  const client = new Client({ connectionString: server.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const note = await readFile(join(rows[0]?.data_directory ?? '', 'postmaster.pid'), 'utf8')
  const pid = Number(note.split('\n')[0])
  if (pid > 1) process.kill(pid, 'SIGQUIT')
  await client.end().catch(() => undefined)
}
