import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What an agent needs to ask and to be told. */
export type Agent = { name: string; api_key: string; callback_secret: string }

/** Adds the agent as an operator would, on the command line. Keys are shown once: they are kept for the next demo. */
export async function findAgent(name: string, owner: string, data_dir: string): Promise<Agent> {
  const path = join(data_dir, `demo-${name}.json`)
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return JSON.parse(kept) as Agent
  const words = ['src/countersign.ts', 'agent', 'add', name, '--owner', owner, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, words)
  await writeFile(path, stdout, { mode: 0o600 })
  return JSON.parse(stdout) as Agent
}
